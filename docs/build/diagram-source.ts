// Reads a sequence diagram: the part of Mermaid's language that chapters need, and the same in words.

export interface Message {
  from: number
  to: number
  text: string
  /** A reply: its line is dashed. */
  dashed: boolean
}

/** A note stands over one participant, or over all from `from` to `to`. */
export interface Note {
  from: number
  to: number
  note: string
}

export interface Diagram {
  names: string[]
  rows: (Message | Note)[]
}

/** @throws Error when a line is none that is known, with that line */
export function parseDiagram(source: string): Diagram {
  const ids: string[] = []
  const names: string[] = []
  const rows: Diagram['rows'] = []
  const indexOf = (id: string) => {
    if (!ids.includes(id)) names[ids.push(id) - 1] = id
    return ids.indexOf(id)
  }
  for (const line of source.split('\n').map((one) => one.trim())) {
    const participant = /^(?:participant|actor) (\S+)(?: as (.+))?$/.exec(line)
    const message = /^(\w+?)\s*(-?->>?)\s*(\w+)\s*:\s*(.+)$/.exec(line)
    const note = /^note (?:over|left of|right of) (\w+)(?:\s*,\s*(\w+))?\s*:\s*(.+)$/i.exec(line)
    if (participant) names[indexOf(participant[1] ?? '')] = participant[2] ?? participant[1] ?? ''
    else if (message) {
      const [, from = '', arrow = '', to = '', text = ''] = message
      rows.push({ from: indexOf(from), to: indexOf(to), text, dashed: arrow.startsWith('--') })
    } else if (note) {
      const [, one = '', other = one, text = ''] = note
      const [from, to] = [indexOf(one), indexOf(other)].sort((a, b) => a - b) as [number, number]
      rows.push({ from, to, note: text })
    } else if (line !== '' && line !== 'sequenceDiagram' && !line.startsWith('%%')) {
      throw new Error(`The diagram has a line that is not known: "${line}".`)
    }
  }
  return { names, rows }
}

/** What an arrow or a note says, as a sentence. */
export function inWords(row: Message | Note, names: string[]): string {
  if ('note' in row) return `${capital(names[row.from] ?? '')}: ${row.note.replaceAll('<br>', ', ')}.`
  const what = row.text.replaceAll('<br>', ', ')
  if (row.from === row.to) return `${capital(names[row.from] ?? '')}, by itself: ${what}.`
  return `${capital(names[row.from] ?? '')} to ${names[row.to]}: ${what}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
