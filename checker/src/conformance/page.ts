// The page docs/pages/stores.md: a table of what was measured, and the reason for each cross.
import { CheckerError } from '../lab/errors.ts'
import type { Finding, Property } from './finding.ts'

/** A store of the table. */
export interface TableStore {
  name: string
  /** Undefined for the one of this workbook. */
  package?: string
  version: string
  /** By the id of the property. */
  findings: Map<string, Finding>
}

export type Notes = Record<string, Record<string, string>>

/** @throws CheckerError when a cross has no note, or a note no cross */
export function expectNotesMatch(stores: TableStore[], notes: Notes): void {
  const faults = stores.flatMap(({ name, findings }) => {
    const own = notes[name] ?? {}
    const missing = [...findings].flatMap(([id, finding]) =>
      finding.holds === false && !own[id]
        ? [`${name} has not the property "${id}", and there is no note: ${finding.expected} ${finding.got}`]
        : [],
    )
    const idle = Object.keys(own)
      .filter((id) => findings.get(id)?.holds !== false)
      .map(
        (id) => `There is a note why ${name} has not the property "${id}", but it has it, or cannot have it.`,
      )
    return [...missing, ...idle]
  })
  const strangers = Object.keys(notes)
    .filter((name) => !stores.some((store) => store.name === name))
    .map((name) => `There are notes on a store that was not measured: ${name}.`)
  const all = [...faults, ...strangers]
  if (all.length === 0) return
  throw new CheckerError([...all, 'Mend checker/src/conformance/notes.ts.'].join('\n'))
}

/** The page as Markdown. */
export function conformancePage(stores: TableStore[], properties: Property[], notes: Notes): string {
  const asked = properties.filter(({ isExtra }) => !isExtra)
  const extra = properties.filter(({ isExtra }) => isExtra)
  return `---
title: What session stores promise
order: 5
---

# What session stores promise

\`express-session\` asks little of a store: \`get\`, \`set\`, \`destroy\`, and perhaps \`touch\`. What a store does when two
requests come at once, when a file is half written, or when a session is destroyed while another request still holds it,
is its own affair.

The checks of lab 6 ask a store for these properties. Here they are asked of stores that people really use, and of our
own: \`FileStore\` is the solution of lab 6. Nothing in the tables is written by hand: \`npm run conformance\` opens
each store in a process of its own, calls it as express-session would, and writes this page. The reasons at the end
are from reading the source of each store. The command stops when one of them no longer fits what it finds.

| store | version |
|---|---|
${stores.map(({ name, package: from, version }) => `| ${from && from !== name ? `${name}, of ${from}` : name} | ${from ? version : 'solutions/06-session-store'} |`).join('\n')}

Each store is set up to do as well as it can: where it has an option for the time that a session may be unused, or for
how often it sweeps, that option is used. An empty field (–) means that the property cannot be asked of this store; why
not stands at the end as well.

Most crosses are no faults. A store that keeps a whole session as one text cannot merge two writers, and never promised
to. It is worth knowing before you keep a shopping cart in a session.

## What any app may expect

${table(stores, asked)}

## What express-session does not ask for

These are about requests at the same time. Hardly a store has them, and no store has to: express-session hands over the
whole session at the end of a request, and does not say what the request has changed. Lab 6 shows what it takes.

${table(stores, extra)}

## The reason for each cross

${stores.map((store) => reasons(store, properties, notes)).join('\n\n')}
`
}

function table(stores: TableStore[], properties: Property[]): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...stores.map(({ name }) => name)]),
    row(['---', ...stores.map(() => ':-:')]),
    ...properties.map(({ id, says }) =>
      row([`\`${id}\`: ${says}`, ...stores.map(({ findings }) => sign(findings.get(id)))]),
    ),
  ].join('\n')
}

function sign(finding: Finding | undefined): string {
  if (finding?.holds === undefined) return '–'
  return finding.holds ? 'yes' : '**no**'
}

function reasons({ name, findings }: TableStore, properties: Property[], notes: Notes): string {
  const lines = properties.flatMap(({ id }) => {
    const finding = findings.get(id)
    if (finding?.holds === false) return [`- \`${id}\`: ${notes[name]?.[id]}`]
    return []
  })
  const becauseOf = (id: string) => {
    const finding = findings.get(id)
    return finding?.holds === undefined ? finding?.because : undefined
  }
  const reasonsToLeaveOut = new Set(properties.map(({ id }) => becauseOf(id)))
  for (const because of reasonsToLeaveOut) {
    if (because === undefined) continue
    const ids = properties.filter(({ id }) => becauseOf(id) === because).map(({ id }) => `\`${id}\``)
    lines.push(`- ${ids.join(', ')}: cannot be asked. ${because}`)
  }
  return `### ${name}\n\n${lines.length === 0 ? 'It has all of them.' : lines.join('\n')}`
}
