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

/**
 * Terminal escapes and other control characters would let an app's output repaint the screen; marks that turn the
 * direction of text, or end a line, would let it stand elsewhere than it does: all of them are made visible.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, escaped)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g

/** The same for what stands on one line: a line break in it would let an app write lines of its own into a report. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n')
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
}
