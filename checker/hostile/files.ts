// Submissions that put something else where lab-check expects a file: among their sources, and in the data folder.
import { execFileSync } from 'node:child_process'
import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Hostile } from '../src/hostile/hostile.ts'

/** A solution of lab 3 that does this when it is first asked, with `file` in its data folder. */
const whenAsked = (attack: string) => ({
  'hostile.ts': `import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import sqlite3 from 'sqlite3'
import { DATA, HOME, note } from './attack.ts'
const file = path.join(DATA, 'likes.sqlite')
let asked = false
const { emit } = http.Server.prototype
http.Server.prototype.emit = function (name: string, ...rest: any[]) {
  if (name === 'request' && !asked) {
    asked = true
    try { attack(); note('reached') } catch (error) { note('failed', String(error)) }
  }
  return emit.call(this, name, ...rest)
}
const remove = () => { for (const ending of ['', '-wal', '-shm', '-journal']) fs.rmSync(file + ending, { force: true }) }
const sql = (database: string, ...statements: string[]) => new Promise((resolve) => {
  const opened = new sqlite3.Database(database)
  opened.exec(statements.join(';'), (error) => { if (error) note('failed', error.message); opened.close(resolve) })
})
function attack() { ${attack} }`,
})

/** Its data folder is not what it should be, so what needs the rows fails. */
const WITHOUT_ROWS = { atMost: 3 }

const notes =
  (...names: string[]) =>
  ({ notes }: { notes: Record<string, string[]> }) =>
    names.flatMap((name) => (notes[name] ? [`It noted "${name}": ${notes[name]?.[0]}`] : []))

const diary: Hostile['also'] = ({ stdout }) =>
  stdout.includes('what nobody else may read') ? ['What nobody else may read is in the report.'] : []

export const hostile: Hostile[] = [
  {
    id: 'pipe-among-sources',
    says: 'Imports a named pipe. Whoever opened it would wait for ever.',
    systems: ['linux', 'darwin'],
    files: { 'server.ts': `import './pipe.ts'` },
    prepare: ({ folder }) => execFileSync('mkfifo', [path.join(folder, 'pipe.ts')]),
    ends: { atMost: 0 },
    neverRuns: true,
    withinSeconds: 20,
  },
  {
    id: 'pipe-as-json',
    says: 'Imports a named pipe as JSON.',
    systems: ['linux', 'darwin'],
    files: { 'server.ts': `import data from './data.json'\nconsole.log(data)` },
    prepare: ({ folder }) => execFileSync('mkfifo', [path.join(folder, 'data.json')]),
    ends: { atMost: 0 },
    neverRuns: true,
    withinSeconds: 20,
  },
  {
    id: 'endless-source',
    says: 'Imports a link to /dev/zero, which has no end.',
    systems: ['linux', 'darwin'],
    files: { 'server.ts': `import './zero.ts'` },
    prepare: ({ folder }) => symlinkSync('/dev/zero', path.join(folder, 'zero.ts')),
    ends: { atMost: 0 },
    neverRuns: true,
    withinSeconds: 20,
  },
  {
    id: 'huge-source',
    says: 'Imports a file of a gigabyte, with nothing in it.',
    files: { 'server.ts': `import './huge.ts'`, 'huge.ts': '' },
    prepare: ({ folder }) => truncateSync(path.join(folder, 'huge.ts'), 1 << 30),
    ends: { atMost: 0 },
    neverRuns: true,
    withinSeconds: 20,
  },
  {
    id: 'huge-unused-source',
    says: 'Has a gigabyte in a file that nothing imports, and a link to a file of somebody else.',
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'\nsayThatAllIsWell(() => note('reached'))`,
      'huge.ts': '',
    },
    prepare({ folder, home }) {
      truncateSync(path.join(folder, 'huge.ts'), 1 << 30)
      if (process.platform !== 'win32')
        symlinkSync(path.join(home, 'diary.txt'), path.join(folder, 'diary.ts'))
    },
    ends: { atMost: 0 },
    also: diary,
    withinSeconds: 20,
  },
  {
    id: 'source-of-somebody-else',
    says: 'Imports a file outside of its folder, in the hope that a message quotes it.',
    systems: ['linux', 'darwin'],
    prepare: ({ folder, home }) =>
      writeFileSync(path.join(folder, 'server.ts'), `import ${JSON.stringify(path.join(home, 'diary.txt'))}`),
    ends: { atMost: 0 },
    neverRuns: true,
    also: diary,
  },
  {
    id: 'pipes-beside-the-code',
    says: 'Has pipes where tools look for package.json and tsconfig.json.',
    systems: ['linux', 'darwin'],
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'\nimport './folder/one.ts'\nsayThatAllIsWell(() => note('reached'))`,
      'folder/one.ts': 'export {}',
    },
    neverRuns: true,
    prepare({ folder }) {
      for (const name of ['package.json', 'tsconfig.json', 'folder/package.json'])
        execFileSync('mkfifo', [path.join(folder, name)])
    },
    ends: { atMost: 0 },
    withinSeconds: 20,
  },
  {
    id: 'changes-its-sources',
    says: 'Puts pipes in the place of its own sources while it runs. What is read of them for advice was read before.',
    lab: 2,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: {
      'hostile.ts': `import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { note } from './attack.ts'
for (const name of fs.readdirSync('.').filter((one) => one.endsWith('.ts'))) {
  if (!fs.lstatSync(name).isFile()) continue
  fs.rmSync(name)
  execFileSync('mkfifo', [name])
}
note('reached')`,
    },
    // The work is right, and was compiled before.
    ends: { atMost: 32 },
    withinSeconds: 40,
  },
  {
    id: 'database-is-a-pipe',
    says: 'Its database is a named pipe, which would hang whoever opens it.',
    lab: 3,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: whenAsked(`remove(); execFileSync('mkfifo', [file])`),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'database-is-a-folder',
    says: 'Its database is a folder.',
    lab: 3,
    on: 'solution',
    files: whenAsked(`remove(); fs.mkdirSync(file)`),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'database-without-end',
    says: 'Its database, and the log of it, are links to /dev/zero.',
    lab: 3,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: whenAsked(
      `remove(); fs.symlinkSync('/dev/zero', file); fs.symlinkSync('/dev/zero', file + '-wal')`,
    ),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'database-of-somebody-else',
    says: 'Its database is a link to one outside of the data folder, with the right tables. It is not followed.',
    lab: 3,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: whenAsked(
      `fs.copyFileSync(file, HOME + '/../other.sqlite'); remove(); fs.symlinkSync(HOME + '/../other.sqlite', file)`,
    ),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'database-keeps-changing',
    says: 'A process puts a pipe, a link and a file in the place of the database, again and again, to slip in between a look and a read.',
    lab: 3,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: {
      ...whenAsked(`
execFileSync('mkfifo', [DATA + '/pipe'])
fs.symlinkSync('/dev/zero', DATA + '/zero')
fs.copyFileSync(file, DATA + '/file')
spawn(process.execPath, ['-e', "const fs = require('node:fs'); const [, data] = process.argv; const end = Date.now() + 60000; while (Date.now() < end) for (const name of ['pipe', 'file', 'zero', 'file']) { try { fs.rmSync(data + '/next', { force: true }); if (name === 'file') fs.copyFileSync(data + '/file', data + '/next'); else fs.linkSync(data + '/' + name, data + '/next'); fs.renameSync(data + '/next', data + '/likes.sqlite') } catch {} }", DATA], { stdio: 'ignore' })`),
    },
    change: [],
    prepare({ folder }) {
      const file = path.join(folder, 'hostile.ts')
      writeFileSync(file, `import { spawn } from 'node:child_process'\n${readFileSync(file, 'utf8')}`)
    },
    ends: { atMost: 40 },
  },
  {
    id: 'endless-view',
    says: 'Its tables are views, of which one never ends; and its indexes and triggers would run code of its own.',
    lab: 3,
    on: 'solution',
    files: whenAsked(`
remove()
sql(file, 'CREATE VIEW sessions(key, expires) AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i FROM n', 'CREATE VIEW likes(thing, key) AS SELECT * FROM sessions')`),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'endless-column',
    says: 'A column of its table is computed when it is read, from a text of 900 megabytes.',
    lab: 3,
    on: 'solution',
    files: whenAsked(`
remove()
sql(file, "CREATE TABLE sessions (key TEXT, expires AS (length(hex(zeroblob(450000000)))) VIRTUAL, more AS (hex(zeroblob(300000000))) VIRTUAL)", "CREATE TABLE likes (thing TEXT, key TEXT)", "INSERT INTO sessions VALUES ('a')", "INSERT INTO sessions VALUES ('b')")`),
    ends: WITHOUT_ROWS,
  },
  {
    id: 'huge-blob',
    says: 'A row of its table has 15 megabytes, and there are a hundred thousand others.',
    lab: 3,
    on: 'solution',
    files: whenAsked(`
sql(file, "INSERT INTO likes VALUES (hex(zeroblob(7000000)), 'x')", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO likes SELECT i, 'x' FROM n")`),
    ends: { atMost: 6 },
  },
  {
    id: 'many-files',
    says: 'Fills its data folder with 2,000 files, some with names that would paint the screen.',
    lab: 3,
    on: 'solution',
    files: whenAsked(`
remove()
for (let index = 0; index < 2_000; index++) fs.writeFileSync(DATA + '/likes.sqlite-' + index, '')
for (const name of ['\\x1b[2J\\x1b[H', 'a\\nAll checks pass: 41 of 41.', '<script>alert(1)<b>']) fs.writeFileSync(DATA + '/' + name, '')`),
    ends: WITHOUT_ROWS,
    also: ({ stdout }) => (stdout.length > 300_000 ? ['The report has all the names of its files.'] : []),
  },
  {
    id: 'large-files',
    says: 'Has a thousand files of 19 megabytes, all holes, that a search would have to read.',
    lab: 4,
    on: 'solution',
    files: {
      'hostile.ts': `import fs from 'node:fs'
import { DATA, note } from './attack.ts'
for (let index = 0; index < 1_000; index++) {
  fs.writeFileSync(DATA + '/app.sqlite-' + index, '')
  fs.truncateSync(DATA + '/app.sqlite-' + index, 19_000_000)
}
note('reached')`,
    },
    ends: { atMost: 40 },
    withinSeconds: 60,
  },
  {
    id: 'deep-folders',
    says: 'Nests 3,000 folders, so that the path of the deepest is longer than a system takes. All are removed.',
    systems: ['linux', 'darwin'],
    files: {
      'server.ts': `import fs from 'node:fs'
import { DATA, note, sayThatAllIsWell } from './attack.ts'
process.chdir(DATA)
for (let depth = 0; depth < 3_000; depth++) { fs.mkdirSync('deep'); process.chdir('deep') }
fs.writeFileSync('file', '')
note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'names-that-are-no-text',
    says: 'Has files whose names are no UTF-8, so that most programs cannot even name them.',
    systems: ['linux'],
    files: {
      'server.ts': `import fs from 'node:fs'
import { DATA, note, sayThatAllIsWell } from './attack.ts'
fs.mkdirSync(Buffer.concat([Buffer.from(DATA + '/'), Buffer.from([255, 254])]))
fs.writeFileSync(Buffer.concat([Buffer.from(DATA + '/'), Buffer.from([255, 254, 47, 253])]), '')
note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'locked-folders',
    says: 'Takes away all rights to folders in its data folder, which then nobody but an administrator could empty.',
    systems: ['linux', 'darwin'],
    files: {
      'server.ts': `import fs from 'node:fs'
import { DATA, note, sayThatAllIsWell } from './attack.ts'
fs.mkdirSync(DATA + '/locked/in', { recursive: true })
fs.writeFileSync(DATA + '/locked/in/file', '')
fs.chmodSync(DATA + '/locked/in', 0)
fs.chmodSync(DATA + '/locked', 0)
note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
  },
  {
    id: 'links-out',
    says: 'Has links in its data folder to what is somebody else’s. Tidying up removes the links only.',
    systems: ['linux', 'darwin'],
    files: {
      'server.ts': `import fs from 'node:fs'
import { DATA, HOME, note, sayThatAllIsWell } from './attack.ts'
fs.symlinkSync(HOME, DATA + '/home')
fs.symlinkSync(HOME + '/diary.txt', DATA + '/diary')
fs.linkSync(HOME + '/diary.txt', DATA + '/same-diary')
note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
    also: diary,
  },
  {
    id: 'data-folder-is-a-link',
    says: 'Puts a link to somebody else’s folder in the place of its data folder.',
    lab: 3,
    on: 'solution',
    systems: ['linux', 'darwin'],
    files: whenAsked(`fs.renameSync(DATA, DATA + '-away'); fs.symlinkSync(HOME, DATA)`),
    ends: WITHOUT_ROWS,
    also: (said) => [
      ...notes('failed')(said),
      ...(said.stdout.includes('diary.txt') ? ['The report tells what somebody else has.'] : []),
    ],
  },
]

for (const one of hostile) if (one.lab === 3) one.also ??= notes('failed')
