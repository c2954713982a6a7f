// Golden texts: for each mistake, what a student reads who makes it. Kept in checker/mistakes/golden/NN-name.txt, so that
// a change of words is seen in review, and shown to instructors in the docs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { diffArrays } from 'diff'
import type { CheckRecord } from '../check/record.ts'
import { type Lab, root, shownPath } from '../lab/lab.ts'
import { wireText } from '../render/wire-text.ts'

/** By the mistake's id. */
export type GoldenTexts = Map<string, string>

/** Stands for what differs from run to run: ids that the student's app draws, times, the order of parallel answers. */
const ANYTHING = '…'

/** White space in a page's text, which is broken into lines. */
const SPACE = String.raw`(?:[^\S\n]|\n\| ?)+`

/**
 * Moments as HTTP and ISO 8601 write them, of another year than 1970, which clears a cookie: two runs at once agree on
 * most of one, and tomorrow's do not.
 */
const MOMENTS = [
  new RegExp(
    [
      String.raw`\w{3},`,
      String.raw`\d\d`,
      String.raw`\w{3}`,
      String.raw`(?!1970)\d{4}`,
      String.raw`\d\d:\d\d:\d\d`,
      'GMT',
    ].join(SPACE),
    'g',
  ),
  /\b(?!1970)\d{4}-\d\d-\d\d[T ]\d\d(?::\d\d(?::\d\d(?:\.\d+Z?)?)?)?/g,
]

/** Before each text, with the mistake's id. */
const HEADING = /^=== (\S+)$/m

/** A failure as text, without what depends on the width of a terminal and without the way onward (curl lines, hints). */
export function failureText({ id, name, why, exchange }: CheckRecord): string {
  const last = exchange.at(-1)
  const text = [
    `${id}: ${name}`,
    '',
    ...(why?.did ?? []),
    '',
    why?.expected ?? '',
    why?.got ?? '',
    ...(why?.detail ?? []),
    ...(last ? ['', ...wireText(last, why?.mark).map((line) => `| ${line}`.trimEnd())] : []),
  ].join('\n')
  return MOMENTS.reduce((rest, moment) => rest.replace(moment, ANYTHING), text)
}

/** One text that both match: `…` wherever they differ. */
export function common(one: string, other: string): string {
  const merged = diffArrays(tokens(one), tokens(other))
    .map((part) => (part.added || part.removed ? ANYTHING : part.value.join('')))
    .join('')
  return merged.replace(/…(?:[^\S\n]*…)+/g, ANYTHING)
}

/** Whether a text is the golden one, where `…` in the golden one stands for anything. */
export function matches(golden: string, text: string): boolean {
  const pattern = golden.split(ANYTHING).map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${pattern.join('[\\s\\S]*?')}$`).test(text)
}

/** @returns what is wrong with a mistake's text; empty when it is the golden one */
export function goldenFaults(lab: Lab, golden: string | undefined, text: string): string[] {
  if (golden !== undefined && matches(golden, text)) return []
  const update = `If the new words are right: npm run verify ${lab.number} -- --golden`
  if (golden === undefined)
    return [
      `It has no golden text in ${shownPath(goldenFile(lab))}. Write it: npm run verify ${lab.number} -- --golden`,
    ]
  return [
    'Its text is not the golden one.',
    ...golden.split('\n').map((line) => `- ${line}`),
    ...text.split('\n').map((line) => `+ ${line}`),
    update,
  ]
}

export function goldenFile(lab: Lab): string {
  return path.join(root, 'checker', 'mistakes', 'golden', `${lab.id}.txt`)
}

/** The texts kept in a file; none when there is no such file. */
export function readGolden(file: string): GoldenTexts {
  if (!existsSync(file)) return new Map()
  const [, ...pieces] = readFileSync(file, 'utf8').split(HEADING)
  const texts: GoldenTexts = new Map()
  for (let index = 0; index < pieces.length; index += 2)
    texts.set(pieces[index] as string, (pieces[index + 1] as string).trim())
  return texts
}

export function writeGolden(file: string, texts: GoldenTexts): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const sections = [...texts].map(([id, text]) => `=== ${id}\n\n${text}\n`)
  writeFileSync(file, sections.join('\n'))
}

/** Ids and numbers in one piece, everything else character by character. */
function tokens(text: string): string[] {
  return text.match(/[\w+/%.-]+|\s+|[\s\S]/g) ?? []
}
