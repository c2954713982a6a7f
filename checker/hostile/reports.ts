// Submissions that write into the report: escapes for the terminal, HTML, line breaks, in all that it quotes of them.
import { cpSync } from 'node:fs'
import path from 'node:path'
import { Parser } from 'htmlparser2'
import type { Hostile, Place, Said } from '../src/hostile/hostile.ts'
import { runLabCheck } from '../src/hostile/judge-hostile.ts'

/** Clears the screen, colours, rings, turns the direction of text, ends lines, is no character of XML; and would pass. */
const POISON =
  '\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u2028\uffff\ufffe<script>alert(1)</script>]]>&"\' # SKIP\n\n  All checks pass: 32 of 32.\nok 1 - opens\n</failure></testcase><testcase name="more"/>\r\n✓ 32/32'

const TEXT = JSON.stringify(POISON)

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

const FORMATS = ['pretty', 'json', 'junit', 'tap'] as const

/** Runs lab-check again, once for each format, and looks for what does not belong there. */
async function inAllFormats(said: Said, place: Place): Promise<string[]> {
  const faults: string[] = []
  const records = said.result?.records.length ?? 0
  for (const format of FORMATS) {
    const { stdout } = await runLabCheck({ args: ['--format', format], env: { NO_COLOR: '1' } }, place)
    const control = CONTROLS.exec(stdout)
    if (stdout === '') faults.push(`${format}: nothing was printed.`)
    if (control) faults.push(`${format}: there is a U+${control[0].charCodeAt(0).toString(16)}.`)
    const more = {
      pretty: () => (/^\s*(All checks pass|ok 1|✓ 32)/m.test(stdout) ? 'a line of the submission' : ''),
      json: () =>
        JSON.parse(stdout).results[0].records.length === records ? '' : 'another number of records',
      junit: () =>
        casesIn(stdout) === records ? '' : `${casesIn(stdout)} cases instead of ${records}, or no XML`,
      tap: () => (/^ok/m.test(stdout) ? 'a passed test' : ''),
    }[format]()
    if (more) faults.push(`${format}: there is ${more}.`)
  }
  return faults
}

/** How many test cases the document has; -1 when it has other elements, or characters that XML does not. */
function casesIn(xml: string): number {
  if (/[\ufffe\uffff]/.test(xml)) return -1
  let cases = 0
  let strange = false
  const known = [
    'testsuites',
    'testsuite',
    'properties',
    'property',
    'testcase',
    'failure',
    'error',
    'skipped',
    '?xml',
  ]
  const parser = new Parser(
    {
      onopentag(name) {
        if (name === 'testcase') cases += 1
        if (!known.includes(name)) strange = true
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
  return strange ? -1 : cases
}

/** A server that answers everything like this. */
const answering = (code: string): Record<string, string> => ({
  'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'
const POISON = ${TEXT}
sayThatAllIsWell((_req, res) => { note('reached'); ${code} })`,
})

const entry = (
  id: string,
  says: string,
  files: Record<string, string>,
  more: Partial<Hostile> = {},
): Hostile => ({
  id,
  says,
  files,
  ends: { atMost: 0 },
  also: inAllFormats,
  ...more,
})

export const hostile: Hostile[] = [
  entry(
    'poisoned-page',
    'A page with escapes, HTML and lines of a report in it.',
    answering(`res.writeHead(200, { 'Content-Type': 'text/html' }).end(POISON)`),
  ),
  entry(
    'poisoned-text',
    'The same as plain text with lines.',
    answering(`res.writeHead(200, { 'Content-Type': 'text/plain' }).end(POISON)`),
  ),
  entry(
    'poisoned-headers',
    'The same in the words of the status, in headers and in cookies, as far as HTTP lets it through.',
    {
      'server.ts': `import net from 'node:net'
import { note } from './attack.ts'
const poison = Buffer.concat([Buffer.from([0x9b]), Buffer.from('31m<script>"&#32 All checks pass: 32 of 32.')])
net.createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => {
    note('reached')
    socket.end(Buffer.concat([
      Buffer.from('HTTP/1.1 503 '), poison, Buffer.from('\\r\\nLocation: /'), poison,
      Buffer.from('\\r\\nSet-Cookie: cart='), poison, Buffer.from('\\r\\nContent-Type: text/'), poison,
      Buffer.from('\\r\\nContent-Length: 0\\r\\n\\r\\n'),
    ]))
  })
}).listen(Number(process.env.PORT), '127.0.0.1')`,
    },
  ),
  entry('poisoned-crash', 'Throws an error with such a message before it listens.', {
    'server.ts': `import { note } from './attack.ts'\nnote('reached')\nthrow new Error(${TEXT})`,
  }),
  entry('poisoned-package', 'Says that a package is missing whose name is a report.', {
    'server.ts': `import { note } from './attack.ts'
note('reached')
console.error("Error: Cannot find package 'x" + ${TEXT}.replaceAll("'", '') + "' imported from here")
process.exit(1)`,
  }),
  entry(
    'poisoned-source',
    'Does not compile, on a line with escapes.',
    { 'server.ts': `const \u001b[2J = '\u009b31m\u202e' <script>` },
    { neverRuns: true },
  ),
  entry(
    'poisoned-answer-error',
    'Throws such an error while it answers, which the report quotes with the page.',
    answering(`console.error(new Error(POISON)); res.writeHead(500).end(POISON)`),
  ),
  entry(
    'poisoned-folder',
    'Is in a folder whose name has escapes, HTML and lines of a report.',
    { 'server.ts': `import { note } from './attack.ts'\nnote('reached')\nthrow new Error('x')` },
    {
      systems: ['linux', 'darwin'],
      async also(said, place) {
        const folder = path.join(
          place.folder,
          '..',
          '\u001b[2J\u202e"<b>&\n  All checks pass: 32 of 32.\nok 1 - x',
        )
        cpSync(place.folder, folder, { recursive: true })
        return inAllFormats(said, { ...place, folder })
      },
    },
  ),
]
