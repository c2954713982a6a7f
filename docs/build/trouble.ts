// Every trouble that lab-check can have with a student's app, read from the checker's own source.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../checker/src/lab/lab.ts'
import type { Place } from './fault.ts'

export interface KnownTrouble {
  kind: string
  /** What the student reads, with … where a name or number of theirs stands. */
  says: string[]
  place: Place
}

/** A text in any of the three quotes. */
const TEXT = String.raw`(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\x60([^\x60]*)\x60)`
/** The first two arguments: the kind, and the sentence if it stands there as a text. */
const START = new RegExp(String.raw`new StartTrouble\(\s*'([\w-]+)',\s*${TEXT}?`, 'g')
const NO_REPLY = new RegExp(String.raw`\bfail\('(refused|cut|slow|flood)',\s*${TEXT}`, 'g')

/** All kinds, by name: those of a start that failed, and as `no-reply-KIND` those of a request without a reply. */
export function readTroubles(): Map<string, KnownTrouble> {
  const troubles = new Map<string, KnownTrouble>()
  for (const file of sourceFiles(path.join(root, 'checker', 'src'))) {
    const text = readFileSync(file, 'utf8')
    // The first two arguments: the kind, and the sentence as a text or a template.
    for (const match of text.matchAll(START)) {
      add(match[1] ?? '', match[2] ?? match[3] ?? match[4], placeAt(file, text, match.index))
    }
    for (const match of text.matchAll(NO_REPLY)) {
      add(`no-reply-${match[1]}`, match[2] ?? match[3] ?? match[4], placeAt(file, text, match.index))
    }
    for (const match of text.matchAll(/readonly kind: ('[^\n]+')/g)) {
      for (const [, kind = ''] of (match[1] ?? '').matchAll(/'([\w-]+)'/g)) {
        add(`no-reply-${kind}`, undefined, placeAt(file, text, match.index))
      }
    }
  }
  return troubles

  function add(kind: string, sentence: string | undefined, place: Place): void {
    const known = troubles.get(kind) ?? { kind, says: [], place }
    if (sentence !== undefined) {
      const shown = sentence.replace(/\$\{[^}]*\}/g, '…').replaceAll("\\'", "'")
      if (!known.says.includes(shown)) known.says.push(shown)
    }
    troubles.set(kind, known)
  }
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name))
    .sort()
}

function placeAt(file: string, text: string, index: number): Place {
  return { file, line: text.slice(0, index).split('\n').length }
}
