// Blocks of code: commands with a button to copy them, their output, source text, plain text.
import { highlight } from './highlight.ts'
import { escapeHtml } from './html.ts'

/** A fenced block as HTML. `console` holds commands after `$ `, with what they print. */
export function codeBlock(text: string, language: string): string {
  if (language === 'console') return consoleBlock(text)
  if (['sh', 'bash', 'shell'].includes(language)) {
    return `<div class="terminal">${commandsOf(text).map(command).join('')}</div>\n`
  }
  if (language === '' || language === 'text') {
    // Set line by line, so it may not wrap; whoever uses the keyboard can scroll it.
    return `<pre class="text" tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`
  }
  return `<pre class="code"><code>${highlight(text, language)}</code></pre>\n`
}

function consoleBlock(text: string): string {
  const parts: string[] = []
  let output: string[] = []
  const flush = () => {
    if (output.length > 0)
      parts.push(`<pre class="output"><code>${escapeHtml(output.join('\n'))}</code></pre>`)
    output = []
  }
  for (const line of text.split('\n')) {
    if (line.startsWith('$ ')) {
      flush()
      parts.push(command(line.slice(2)))
    } else output.push(line)
  }
  flush()
  return `<div class="terminal">${parts.join('')}</div>\n`
}

/** A line that ends in a backslash goes on in the next. */
function commandsOf(text: string): string[] {
  return text
    .split(/(?<!\\)\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}

function command(text: string): string {
  return `<div class="command"><pre><code data-copy>${highlight(text, 'bash')}</code></pre></div>`
}
