// Small helpers for text in a terminal.
import { stripVTControlCharacters } from 'node:util'

/** Width of the terminal in characters; wide where the output goes to a file. */
export function terminalColumns(): number {
  return process.stdout.columns ?? 120
}

/** Breaks a text at spaces so that no line is longer than `width`, and indents every line. */
export function wrap(text: string, indent: string, width = Math.min(terminalColumns(), 92)): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && shownLength(`${line} ${word}`) > width - indent.length) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((one) => indent + one).join('\n')
}

/** How many columns a text takes: colours take none. */
function shownLength(text: string): number {
  return stripVTControlCharacters(text).length
}

/** "1 point", "3 points". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Terminal escapes and other control characters would let an app's output repaint the screen: they are made visible. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
