// Submissions that fake a verdict: by what they print, by taking over the checker, by answers from elsewhere.
import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { totals } from '../src/check/record.ts'
import { attackFile } from '../src/hostile/attack-file.ts'
import type { Hostile, Place, Said } from '../src/hostile/hostile.ts'
import { runLabCheck } from '../src/hostile/judge-hostile.ts'
import { root } from '../src/lab/lab.ts'

/** From which the recorded run draws. */
const RECORDED_SEED = '0badcafe'

/** Which notes must not be there. */
const never =
  (...names: string[]) =>
  ({ notes }: Said) =>
    names.filter((name) => notes[name]).map((name) => `It noted "${name}": ${notes[name]?.slice(0, 3)}`)

/** Sends SIGUSR1, and looks whether an inspector opens, which would run any code in the process. */
const OPEN_INSPECTORS = `
import fs from 'node:fs'
import { note } from './attack.ts'
async function openInspector(pid: number): Promise<void> {
  const port = 9229
  try { process.kill(pid, 'SIGUSR1') } catch { return }
  for (let tries = 0; tries < 20; tries++) {
    try {
      const answer = await fetch('http://127.0.0.1:' + port + '/json/list')
      const [target] = await answer.json()
      if (String(target.title).includes('[' + pid + ']')) return note('inspector', pid)
    } catch {}
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const parent = Number(process.argv[2] ?? process.ppid)
const children = (() => {
  if (process.argv[2]) return []
  try {
    return fs.readFileSync('/proc/' + parent + '/task/' + parent + '/children', 'utf8').split(' ').map(Number)
  } catch { return [] }
})()
// The others are programs that do not know the signal, or the app itself.
const isNode = (pid: number) => fs.readlinkSync('/proc/' + pid + '/exe') === process.execPath
for (const pid of [parent, ...children.filter((one) => one > 0 && one !== process.pid).filter(isNode)]) await openInspector(pid)
note('reached')
`

/** What `npx tsx` in the submission's folder would load in place of a package. */
const HIJACKING_TSCONFIG = JSON.stringify({
  compilerOptions: {
    baseUrl: '.',
    paths: { express: ['./hijacked.ts'], commander: ['./hijacked.ts'], '#kit/*': ['./hijacked.ts'] },
  },
})

export const hostile: Hostile[] = [
  {
    id: 'fake-pass-lines',
    says: 'Prints passed checks in every format, and ends with 0. What an app prints is no verdict.',
    files: {
      'server.ts': `import { note } from './attack.ts'
note('reached')
console.log('TAP version 14\\n1..1\\nok 1 - opens')
console.log(JSON.stringify({ exitStatus: 0, results: [{ points: 32, maxPoints: 32, records: [] }] }))
console.log('All checks pass: 32 of 32.')
process.exit(0)`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'ends-in-the-middle',
    says: 'Ends with 0 while it is asked, in the hope that nobody looks at what is missing.',
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'
sayThatAllIsWell((_req, res) => { note('reached'); res.write('All checks'); process.exit(0) })`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'fake-port-report',
    says: 'Writes into the pipe on which a preloaded module reports ports that it listens, and floods it. Nobody answers there; the flood is cut off.',
    files: {
      'server.ts': `import fs from 'node:fs'
import { note } from './attack.ts'
note('reached')
fs.writeSync(3, process.env.PORT + '\\n')
let megabytes = 0
try {
  for (; megabytes < 200; megabytes++) fs.writeSync(3, 'NaN\\n'.repeat(250_000))
} catch {}
note('megabytes', megabytes)`,
    },
    ends: { atMost: 0 },
    also: ({ notes }) =>
      Number(notes.megabytes?.[0] ?? 0) >= 200 ? ['lab-check read 200 megabytes of port reports.'] : [],
  },
  {
    id: 'fake-document',
    says: 'Writes a result with all points to the standard output of lab-check, then kills it. A document counts only with an exit status that says so.',
    systems: ['linux'],
    files: {
      'server.ts': `import fs from 'node:fs'
import { note, sayThatAllIsWell } from './attack.ts'
sayThatAllIsWell((_req, res) => {
  note('reached')
  const records = [{ id: 'opens', points: 32, maxPoints: 32, status: 'pass' }]
  fs.appendFileSync('/proc/' + process.ppid + '/fd/1', JSON.stringify({ exitStatus: 0, results: [{ records }] }))
  process.kill(process.ppid, 'SIGKILL')
})`,
    },
    ends: 'not graded',
  },
  {
    id: 'inspector',
    says: 'Sends SIGUSR1 to lab-check and to its helpers, so that they open an inspector in which the points could be set.',
    systems: ['linux'],
    files: {
      'server.ts': `import './inspect.ts'\nimport { sayThatAllIsWell } from './attack.ts'\nsayThatAllIsWell()`,
      'inspect.ts': OPEN_INSPECTORS,
    },
    ends: { atMost: 0 },
    also: never('inspector'),
    async unguarded(place) {
      const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      await new Promise((resolve) => victim.stdout.once('data', resolve))
      await runTsx(place, ['inspect.ts', String(victim.pid)])
      victim.kill('SIGKILL')
      return hasNotes(place, 'inspector', 'reached')
    },
  },
  {
    id: 'tsconfig-paths',
    says: 'Its tsconfig.json maps packages and #kit to a file of its own: a checker that ran under tsx in this folder would load that.',
    files: {
      'tsconfig.json': HIJACKING_TSCONFIG,
      'hijacked.ts': `import { note } from './attack.ts'\nnote('hijacked')\nexport const createApp = () => {}\nexport default {}`,
      'probe.ts': `import 'commander'`,
      'server.ts': `import express from 'express'
import { createApp } from '#kit/app.ts'
import { note, sayThatAllIsWell } from './attack.ts'
note('reached', typeof express + typeof createApp)
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
    also: never('hijacked'),
    async unguarded(place) {
      await runTsx(place, ['probe.ts'])
      return hasNotes(place, 'hijacked')
    },
  },
  {
    id: 'own-packages',
    says: 'Brings packages, an .npmrc, install scripts and import maps of its own. Nothing is installed, and packages come from the workbook.',
    files: {
      'package.json': JSON.stringify({
        name: 'express',
        exports: './own.js',
        imports: { '#kit/app.ts': './own.js' },
        scripts: { preinstall: 'node own.js', postinstall: 'node own.js' },
      }),
      '.npmrc': 'ignore-scripts=false\nscript-shell=./own.js\n',
      'own.js': 'throw new Error("own package")',
      'node_modules/express/package.json': JSON.stringify({ name: 'express', main: 'index.js' }),
      'node_modules/express/index.js': 'throw new Error("own package")',
      'node_modules/vitest/index.js': 'throw new Error("own package")',
      'server.ts': `import express from 'express'
import { createApp } from '#kit/app.ts'
import { note, sayThatAllIsWell } from './attack.ts'
if (typeof express.Router === 'function' && typeof createApp === 'function') note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
  },
  ...[
    '../../solutions/01-cookie-sessions/server.ts',
    '#kit/../../solutions/01-cookie-sessions/server.ts',
  ].map(
    (name, index): Hostile => ({
      id: ['imports-the-solution', 'kit-path-to-the-solution'][index] ?? '',
      says: 'Is one line: it imports the solution. Only files of the submission are its work.',
      files: { 'server.ts': `import '${name}'` },
      ends: { atMost: 0 },
      neverRuns: true,
    }),
  ),
  {
    id: 'link-to-the-solution',
    says: 'Its server.ts is a link to that of the solution.',
    systems: ['linux', 'darwin'],
    prepare: ({ workbook, folder }) =>
      symlinkSync(
        path.join(workbook, 'solutions/01-cookie-sessions/server.ts'),
        path.join(folder, 'server.ts'),
      ),
    ends: { atMost: 0 },
    neverRuns: true,
  },
  {
    id: 'reads-the-environment',
    says: 'Looks for secrets in its environment: those of whoever runs lab-check are not handed on.',
    env: { COURSE_TOKEN: 'of-the-instructor', NODE_OPTIONS: '--no-warnings' },
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'
note('reached')
for (const name of ['COURSE_TOKEN', 'NODE_OPTIONS', 'REDIS_URL', 'USER', 'LAB_CLOCK_AHEAD_SECONDS']) if (process.env[name]) note('secret', name)
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
    also: never('secret'),
  },
  {
    id: 'detects-the-checker',
    says: 'Knows by its environment, its home and the missing user agent that it is judged, and then says that all is well. Only right behaviour has points, whoever is asking.',
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'
const judged = process.env.HOME === process.env.DATA_DIR && process.execArgv.some((one) => one.includes('preload'))
sayThatAllIsWell((req, res) => {
  if (judged && req.headers['user-agent'] === undefined) note('reached')
  res.writeHead(200, { 'X-Checks': 'pass', 'X-Points': '32' }).end(JSON.stringify({ pass: true, points: 32 }))
})`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'recorded-answers',
    says: 'Has the answers of an earlier run by heart, and gives them to the same requests in the same order. With another seed the requests are others.',
    files: {
      'server.ts': `import fs from 'node:fs'
import { note, sayThatAllIsWell } from './attack.ts'
const known = JSON.parse(fs.readFileSync('recorded.json', 'utf8'))
sayThatAllIsWell((req, res) => {
  let body = ''
  req.on('data', (text) => { body += text })
  req.on('end', () => {
    note('reached')
    const key = [req.method, req.url, req.headers.cookie ?? '', body].join(' ')
    const reply = (known[key] ?? []).length > 1 ? known[key].shift() : known[key]?.[0]
    if (!reply) return res.writeHead(404).end('not found')
    delete reply.headers.etag
    res.writeHead(reply.status, reply.headers).end(reply.body)
  })
})`,
    },
    args: ['--seed', '5eed0002'],
    prepare: record,
    // What has nothing drawn in it, or a choice from a few items that was the same by chance.
    ends: { atMost: 10 },
    async unguarded(place) {
      const { result } = await runLabCheck({ args: ['--seed', RECORDED_SEED] }, place)
      return totals(result?.records ?? []).points >= 20
    },
  },
]

/** Beside the solution: notes each request, and the answer to it. */
const RECORDER = `import http from 'node:http'
import { note } from './attack.ts'
const { emit } = http.Server.prototype
http.Server.prototype.emit = function (name: string, req: any, res: any) {
  if (name === 'request') {
    let [body, sent] = ['', '']
    const [emitted, end] = [req.emit, res.end]
    req.emit = (event: string, ...args: any[]) => {
      if (event === 'data') body += args[0]
      return emitted.call(req, event, ...args)
    }
    res.end = (...args: any[]) => {
      if (typeof args[0] !== 'function') sent += args[0] ?? ''
      const key = [req.method, req.url, req.headers.cookie ?? '', body].join(' ')
      note('recorded', JSON.stringify([key, { status: res.statusCode, headers: res.getHeaders(), body: sent }]))
      return end.apply(res, args)
    }
  }
  return emit.apply(this, arguments as any)
}`

/** Writes down what the solution answers in a run with a known seed. */
async function record(place: Place): Promise<void> {
  const folder = path.join(place.folder, '..', 'recorder')
  const notes = path.join(place.notes, '..', 'recorder-notes')
  const recorder = { ...place, folder, notes }
  cpSync(path.join(place.workbook, 'solutions', '01-cookie-sessions'), folder, { recursive: true })
  mkdirSync(notes)
  writeFileSync(path.join(folder, 'attack.ts'), attackFile(recorder))
  writeFileSync(path.join(folder, 'hostile.ts'), RECORDER)
  const server = path.join(folder, 'server.ts')
  writeFileSync(server, `import './hostile.ts'\n${readFileSync(server, 'utf8')}`)
  const said = await runLabCheck({ args: ['--seed', RECORDED_SEED] }, recorder)
  const known: Record<string, unknown[]> = {}
  for (const line of said.notes.recorded ?? []) {
    const [key, reply] = JSON.parse(line)
    known[key] = [...(known[key] ?? []), reply]
  }
  writeFileSync(path.join(place.folder, 'recorded.json'), JSON.stringify(known))
}

function runTsx({ folder }: Place, args: string[]): Promise<void> {
  const tsx = path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsx, ...args], { cwd: folder, timeout: 20_000 }, () => resolve())
  })
}

/** Whether there are such notes. */
function hasNotes({ notes }: Place, ...names: string[]): boolean {
  const read = (name: string) => {
    try {
      return readFileSync(path.join(notes, name), 'utf8')
    } catch {
      return ''
    }
  }
  return names.every((name) => read(name) !== '')
}
