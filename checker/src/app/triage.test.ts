import { readFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { until } from '../testing/processes.ts'
import {
  addTinyLab,
  changeSolution,
  makeFolder,
  makeSubmission,
  makeWorkbook,
  TINY_SERVER,
  verdict,
  type Workbook,
} from '../testing/workbook.ts'

let workbook: Workbook
beforeAll(() => {
  workbook = makeWorkbook()
})

/** Runs lab-check on a submission that does not start. @returns what it says, to a program and to a person */
async function troubleWith(folder: string) {
  const { trouble, records, status, ...result } = await verdict(workbook, ['1', '--dir', folder])
  expect(status).toBe(1)
  expect(records.every((record) => record.status === 'blocked')).toBe(true)
  expect({ ...result }).toMatchObject({ points: 0 })
  if (!trouble) throw new Error('There is no trouble.')
  return { ...trouble, server: path.join(folder, 'server.ts') }
}

describe.concurrent('a submission that does not start is told apart:', () => {
  test('a syntax error, with file, line, and a caret under the place', async ({ expect }) => {
    const { kind, sentence, detail, advice, server } = await troubleWith(
      makeSubmission(`import http from 'node:http'\n\tconst toys = 'Jürgen’s' const\nhttp.createServer()\n`),
    )
    expect(kind).toBe('compile')
    expect(sentence).toBe('Your code does not compile: Expected ";" but found "const"')
    expect(advice).toMatch(/^Mend that line\./)
    const [place, source = '', caret = ''] = detail
    expect(place).toBe(`${server}, line 2`)
    expect(source).toBe("    2 | \tconst toys = 'Jürgen’s' const")
    expect(caret.slice(caret.indexOf('^'))).toBe('^^^^^')
    expect(source.slice(caret.indexOf('^'))).toBe('const')
    // A tab takes the same room in both lines.
    expect(caret.indexOf('\t')).toBe(source.indexOf('\t'))
  })

  test('a syntax error in the first line of a file that tells where it is: that line as it was written', async ({
    expect,
  }) => {
    const { detail } = await troubleWith(
      makeSubmission(`const here = import.meta.url const\nconsole.log(here)\n`),
    )
    expect(detail.slice(1)).toEqual([
      '    1 | const here = import.meta.url const',
      '      |                              ^^^^^',
    ])
  })

  test('a file that is not there', async ({ expect }) => {
    const { kind, sentence, detail, advice, server } = await troubleWith(
      makeSubmission(`import { x } from './helpr.ts'\nx()\n`),
    )
    expect(kind).toBe('compile')
    expect(sentence).toBe('Your code does not compile: Could not resolve "./helpr.ts"')
    expect(detail[0]).toBe(`${server}, line 1`)
    expect(detail[1]).toContain("import { x } from './helpr.ts'")
    expect(advice).toMatch(/^Is the name spelled as in the file that it comes from\?/)
  })

  test('an export that is not there', async ({ expect }) => {
    const folder = makeSubmission(`import { x } from './help.ts'\nx()\n`, {
      'help.ts': 'export const y = 1\n',
    })
    const { kind, sentence, detail, advice, server } = await troubleWith(folder)
    expect(kind).toBe('compile')
    expect(sentence).toBe('Your code does not compile: No matching export in "help.ts" for import "x"')
    expect(detail[0]).toBe(`${server}, line 1`)
    expect(advice).toMatch(/^Is the name spelled as in the file that it comes from\?/)
  })

  test('an error in another file than server.ts, by that file’s name', async ({ expect }) => {
    const folder = makeSubmission(`import './help.ts'\n`, { 'help.ts': 'let x = 1\nlet x = 2\n' })
    const { sentence, detail } = await troubleWith(folder)
    expect(sentence).toBe('Your code does not compile: The symbol "x" has already been declared')
    expect(detail[0]).toBe(`${path.join(folder, 'help.ts')}, line 2`)
  })

  test('an error in a file that nothing imports yet, in the same words', async ({ expect }) => {
    const folder = makeSubmission(TINY_SERVER, { 'later.ts': 'export const fine = 1\nlet x y\n' })
    const { kind, sentence, detail } = await troubleWith(folder)
    expect(kind).toBe('compile')
    expect(sentence).toBe('Your code does not compile: Expected ";" but found "y"')
    expect(detail).toEqual([`${path.join(folder, 'later.ts')}, line 2`, '    2 | let x y', '      |       ^'])
  })

  test('but not by what is no part of the app: tests, declarations, other files and folders', async ({
    expect,
  }) => {
    const broken = 'let x y\n'
    const folder = makeSubmission(TINY_SERVER, {
      'cart.test.ts': broken,
      'cart.d.ts': broken,
      'notes.txt': broken,
      'old/cart.ts': broken,
      'folder.ts/notes.txt': broken,
      // What only gives types is nowhere in the compiled app.
      'types.ts': 'export interface Cart { items: string[] }\n',
    })
    const { trouble, records } = await verdict(workbook, ['1', '--dir', folder, '--only', 'opens'])
    expect(trouble).toBeNull()
    expect(records).toMatchObject([{ id: 'opens', status: 'fail' }])
  })

  test('a file of the kit that is not there', async ({ expect }) => {
    const { sentence, detail } = await troubleWith(
      makeSubmission(`import { port } from '#kit/confg.ts'\nport(1)\n`),
    )
    expect(sentence).toBe('Your code does not compile: Could not resolve "#kit/confg.ts"')
    expect(detail[1]).toContain("import { port } from '#kit/confg.ts'")
  })

  test('a module that Node does not have', async ({ expect }) => {
    const { kind, sentence } = await troubleWith(makeSubmission(`import x from 'node:cripto'\nx()\n`))
    expect(kind).toBe('missing-package')
    expect(sentence).toBe('Your app imports "node:cripto", which Node does not have.')
  })

  test('an await that waits for ever, outside of any function', async ({ expect }) => {
    const { kind, sentence } = await troubleWith(makeSubmission('await new Promise(() => {})\n'))
    expect(kind).toBe('unsettled')
    expect(sentence).toContain('for something that can never come')
  })

  test('an error in a promise that nothing waits for, of a class of the student’s', async ({ expect }) => {
    const { sentence, detail } = await troubleWith(
      makeSubmission(
        `class Refusal extends Error {}\nasync function open() {\n  throw new Refusal('no key')\n}\nopen()\nsetInterval(() => {}, 1000)\n`,
      ),
    )
    expect(sentence).toBe('Your app ended with an error before it listened: Refusal: no key')
    expect(detail[0]).toMatch(/server\.ts, line 3\.$/)
    expect(detail.join()).not.toMatch(/node:internal|Node\.js v/)
  })

  test('an error in a promise that tells no place: asks for an await', async ({ expect }) => {
    const { sentence, advice } = await troubleWith(
      makeSubmission(`import fs from 'node:fs/promises'\nfs.readFile('none')\nsetInterval(() => {}, 1000)\n`),
    )
    expect(sentence).toContain('Error: ENOENT: no such file or directory')
    expect(advice).toContain('is there an await before each call that returns one?')
  })

  test('a package that is not installed', async ({ expect }) => {
    const { kind, sentence, advice } = await troubleWith(makeSubmission(`import x from 'expres'\nx()\n`))
    expect(kind).toBe('missing-package')
    expect(sentence).toBe('Your app imports "expres", which is not installed.')
    expect(advice).toContain('npm install expres')
  })

  test('an error at the start, with the student’s own file and line', async ({ expect }) => {
    const folder = makeSubmission(
      `import express from 'express'\n\ninterface Shop { name: string }\nexpress().get('/', undefined as never)\nexport type X = Shop\n`,
    )
    const { kind, sentence, detail, advice, server } = await troubleWith(folder)
    expect(kind).toBe('crash')
    expect(sentence).toMatch(/^Your app ended with an error before it listened: TypeError: ./)
    expect(detail.slice(0, 2)).toEqual([`The error comes from ${server}, line 4.`, ''])
    expect(detail.slice(2).join('\n')).toContain('TypeError: ')
    expect(advice).toBe('Look at that line first. Below it is what your app printed.')
  })

  test('an error at the start, in a folder with spaces and brackets, after lines that only look like a place', async ({
    expect,
  }) => {
    const name = 'My work (old), 1'
    const text = `console.error('Error: odd\\n    at x (file:///%E0%A4%A/y.ts:1:2)')\nthrow new TypeError('no key')\n`
    const folder = path.join(makeFolder({ [`${name}/server.ts`]: text }), name)
    const { sentence, detail, server } = await troubleWith(folder)
    expect(sentence).toBe('Your app ended with an error before it listened: TypeError: no key')
    expect(detail[0]).toBe(`The error comes from ${server}, line 2.`)
  })

  test('an error at the start that tells no place: then with none', async ({ expect }) => {
    const folder = makeSubmission(`import path from 'node:path'\nsetImmediate(path.join as never, 1)\n`)
    const { kind, sentence, detail, advice } = await troubleWith(folder)
    expect(kind).toBe('crash')
    expect(sentence).toMatch(/^Your app ended with an error before it listened: TypeError.*"path"/)
    expect(detail.join('\n')).toContain('TypeError')
    expect(detail.join('\n')).not.toContain('The error comes from')
    expect(advice).toBe('The lines above are what your app printed.')
  })

  test('an error at the start, in a file that tells where it is', async ({ expect }) => {
    const folder = makeSubmission(`import { boot } from './boot.ts'\n\nboot()\n`, {
      'boot.ts': `export function boot(): void {\n  throw new TypeError(new URL('.', import.meta.url).pathname)\n}\n`,
    })
    const { sentence, detail } = await troubleWith(folder)
    expect(sentence).toBe(`Your app ended with an error before it listened: TypeError: ${folder}/`)
    expect(detail[0]).toBe(`The error comes from ${path.join(folder, 'boot.ts')}, line 2.`)
  })

  test('an end without listening, with what it printed', async ({ expect }) => {
    const { kind, sentence, detail } = await troubleWith(makeSubmission(`console.log('all done')\n`))
    expect(kind).toBe('ended')
    expect(sentence).toBe('Your app ended by itself with code 0 before it listened.')
    expect(detail).toEqual(['all done'])
  })

  test('an error at the start also when something that the app has started holds its output', async ({
    expect,
  }) => {
    const folder = makeSubmission(
      `import { spawn } from 'node:child_process'
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true })
throw new Error('no settings')
`,
    )
    const { kind, sentence } = await troubleWith(folder)
    expect(kind).toBe('crash')
    expect(sentence).toContain('no settings')
  })

  test('a wrong port, naming both', async ({ expect }) => {
    const file = path.join(makeFolder(), 'port')
    const folder = makeSubmission(
      `import fs from 'node:fs'
import http from 'node:http'
const server = http.createServer().listen(0, () => {
  fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify([server.address().port, Number(process.env.PORT)]))
})
`,
    )
    const { kind, sentence } = await troubleWith(folder)
    const [listens, given] = JSON.parse(readFileSync(file, 'utf8'))
    expect(kind).toBe('port')
    expect(sentence).toBe(`Your app listens on port ${listens}; I gave it port ${given}.`)
  })

  test('not a given port that is taken at the last moment: the app is started again, on another', async ({
    expect,
  }) => {
    const folder = makeSubmission(`import fs from 'node:fs'
import http from 'node:http'
const server = http.createServer((req, res) => res.end('here'))
const marker = process.env.DATA_DIR + '/second-start'
const isSecond = fs.existsSync(marker)
fs.writeFileSync(marker, '')
const listen = () => server.listen(Number(process.env.PORT))
if (isSecond) listen()
else http.createServer().listen(Number(process.env.PORT), listen)
`)
    const { trouble } = await verdict(workbook, ['1', '--dir', folder])
    expect(trouble).toBeFalsy()
  })

  test('a port that another program has', async ({ expect, onTestFinished }) => {
    const holder = net.createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const { port } = holder.address() as AddressInfo
    const folder = changeSolution(['server.ts', 'serve(app, port(3001))', `serve(app, ${port})\nport(1)`])
    const { kind, sentence } = await troubleWith(folder)
    expect(kind).toBe('port-taken')
    expect(sentence).toEqual(
      process.platform === 'linux'
        ? expect.stringMatching(
            new RegExp(
              `^Your app wants port ${port}, which another program has \\(.+, process ${process.pid}\\)\\. I gave it`,
            ),
          )
        : expect.stringContaining(`Your app wants port ${port}, which another program has`),
    )
  })

  test('a loop that prints, ended long before it fills the memory', async ({ expect }) => {
    const { kind, sentence, detail } = await troubleWith(
      makeSubmission(`for (let line = 1; ; line++) console.log(line, 'x'.repeat(5000))\n`),
    )
    expect(kind).toBe('flood')
    expect(sentence).toBe('Your app printed more than a megabyte, so I ended it.')
    expect(detail[0]).toMatch(/^1 x{100,}…$/)
  })
})

describe.concurrent('a submission that fails while it is checked', () => {
  const SERVER = (line: string) => `import { spawn } from 'node:child_process'
import http from 'node:http'

http.createServer((req, res) => {
  if (req.url === '/bad') {
    ${line}
  }
  res.end('hello')
}).listen(Number(process.env.PORT), '127.0.0.1')
process.on('unused', () => spawn)
`
  const LINE = 6
  const SPEC = `name: 'it answers', step: 0, points: 1, hints: ['One.', 'Two.', 'Three.']`
  const CHECKS = `
const opens = (path) => async ({ visitor }) => expect.expectStatus(await visitor().get(path), 200)
check('before', { ${SPEC} }, opens('/'))
check('bad', { ${SPEC} }, opens('/bad'))
check('waits', { ${SPEC}, needs: ['bad'] }, opens('/'))
check('after', { ${SPEC} }, opens('/'))
`
  let tiny: Workbook
  beforeAll(() => {
    tiny = makeWorkbook()
    addTinyLab(tiny, { checks: CHECKS })
  })

  /** A server that does this for GET /bad, judged. */
  async function judged(line: string) {
    const folder = makeSubmission(SERVER(line))
    const { records, status } = await verdict(tiny, ['42', '--dir', folder])
    // What has nothing to do with it is judged as ever, also afterwards.
    expect(records.map((record) => `${record.id} ${record.status}`)).toEqual([
      'before pass',
      'bad fail',
      'waits blocked',
      'after pass',
    ])
    expect(records[2]?.why?.got).toBe('waits for bad')
    expect(status).toBe(1)
    const place = `${path.join(folder, 'server.ts')}, line ${LINE}`
    return { why: records[1]?.why, last: records[1]?.exchange.at(-1), place }
  }

  test('by dying: says so, with the error and its place', async ({ expect }) => {
    const { why, last, place } = await judged(
      `setImmediate(() => { throw new Error('out of paper') }); return`,
    )
    expect(why?.got).toBe('It ended while it was at work on it.')
    expect(why?.detail).toEqual(['Your app said: Error: out of paper', `at ${place}`])
    expect(last).toMatchObject({ request: { method: 'GET', path: '/bad' }, reply: null })
  })

  test('by an error in a promise that nothing waits for: says that an await is missing', async ({
    expect,
  }) => {
    const { why } = await judged(`Promise.reject(new Error('no such table: likes')); return`)
    expect(why?.got).toBe(
      'It ended: a promise failed, and nothing was waiting for it. Put an await before the call that returns it.',
    )
    expect(why?.detail[0]).toBe('Your app said: Error: no such table: likes')
  })

  test('by an answer that was sent already: says so, whatever the check is about', async ({ expect }) => {
    const { why, place } = await judged(
      `res.statusCode = 400; res.end('no'); try { res.setHeader('a', 'b') } catch (error) { console.error(error) } return`,
    )
    expect(why?.got).toBe('It is 400 Bad Request.')
    expect(why?.detail).toEqual([
      `Your app wanted to change an answer that it had sent already (ERR_HTTP_HEADERS_SENT), at ${place}.`,
      'Is a return missing after an answer? Is next() called twice, or a cookie set after the answer?',
    ])
  })

  test('by a promise in the place of its value: says that an await is missing', async ({ expect }) => {
    for (const [line, clue] of [
      [
        "res.statusCode = 404; res.write(String(Promise.resolve('kite')))",
        /^The answer has "\[object Promise\]" in it/,
      ],
      [
        "res.statusCode = 303; res.setHeader('Location', '/orders/undefined')",
        /^The address \/orders\/undefined has no/,
      ],
      [
        "res.statusCode = 303; res.setHeader('Set-Cookie', 'key=j%3A%7B%7D')",
        /^The cookie's value is the object/,
      ],
    ] as const) {
      const { why } = await judged(line)
      expect(why?.detail[0]).toMatch(clue)
    }
  })

  test('by leaving: says so', async ({ expect }) => {
    const { why } = await judged(`process.exit(0)`)
    expect(why?.got).toBe('It ended while it was at work on it.')
  })

  test('by dying while something that it has started holds its output: says so', async ({ expect }) => {
    const { why } = await judged(
      `spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true }); process.exit(1)`,
    )
    expect(why?.got).toBe('It ended while it was at work on it.')
  })

  test('by never answering: says where to look', async ({ expect }) => {
    const { why } = await judged('return')
    expect(why?.got).toBe(
      'It gave no complete answer in 5 seconds. Does every way through the route send an answer? Does every await end?',
    )
  })

  test('by a loop without end: the same', async ({ expect }) => {
    const { why } = await judged('for (;;);')
    expect(why?.got).toContain('no complete answer in 5 seconds')
  })

  test('by a loop that prints: says that', async ({ expect }) => {
    const { why } = await judged(`for (;;) console.log('x'.repeat(1000))`)
    expect(why?.got).toBe('It printed more than a megabyte, so I ended it. Look for a loop that prints.')
  })

  test('by cutting the connection: says that', async ({ expect }) => {
    const { why } = await judged('req.socket.destroy(); return')
    expect(why?.got).toMatch(/^Instead, the connection was cut/)
  })

  test('by a page without end: says that', async ({ expect }) => {
    const { why } = await judged(
      `const more = (): unknown => res.destroyed || res.write('x'.repeat(65536), more); more(); return`,
    )
    expect(why?.got).toBe('Instead, the answer was longer than 1000000 bytes.')
  })

  test('by an error that becomes a 500: shows what the app said, and where', async ({ expect }) => {
    const { why, last, place } = await judged(
      `console.error(new RangeError('no more paper')); res.statusCode = 500`,
    )
    expect(why?.got).toBe('Your app broke: the answer is 500 Internal Server Error.')
    expect(why?.detail).toEqual(['Your app said: RangeError: no more paper', `at ${place}`])
    expect(last?.reply?.status).toBe(500)
  })

  test('by a route that is not there: shows the 404, and nothing that the app said before', async ({
    expect,
  }) => {
    const { why } = await judged(`console.error(new Error('old')); res.statusCode = 404`)
    expect(why).toMatchObject({
      got: 'It is 404 Not Found.',
      mark: { line: 'status', at: '404' },
      detail: [],
    })
  })
})

test('a submission sees nothing of the environment in which lab-check runs', async () => {
  const file = path.join(makeFolder(), 'environment')
  const folder = makeSubmission(
    `import fs from 'node:fs'
fs.writeFileSync(${JSON.stringify(`${file}.new`)}, JSON.stringify(process.env))
fs.renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)})
`,
  )
  const env = {
    AWS_SECRET: 'hush',
    SESSION_SECRET: 'the student’s own',
    NODE_OPTIONS: '--no-warnings',
    HOME: '/home/grader',
    PORT: '1',
  }
  await workbook.run('lab-check', ['1', '--dir', folder], { env })
  const seen = JSON.parse(readFileSync(file, 'utf8'))
  expect(Object.keys(seen).sort()).toEqual(
    expect.arrayContaining(['DATA_DIR', 'HOME', 'NODE_ENV', 'PORT', 'SESSION_SECRET', 'TMPDIR']),
  )
  expect(JSON.stringify(seen)).not.toMatch(/hush|no-warnings|home.grader|student/)
  expect(Object.keys(seen)).not.toContain('NODE_OPTIONS')
  expect(seen.PORT).not.toBe('1')
  expect(seen.DATA_DIR).toContain(path.join(workbook.root, 'node_modules', '.cache', 'lab-check', 'run-'))
  await until(() => workbook.runFolders().length === 0, 'the run is cleaned up')
})

test('a submission finds no packages of its own, only those of the workbook', async () => {
  const folder = makeSubmission(`import 'express'\nimport 'of-its-own'\n`, {
    'node_modules/express/index.js': `throw new Error('hijacked')`,
    'node_modules/express/package.json': '{"name":"express","main":"index.js"}',
    'node_modules/of-its-own/index.js': '',
    'tsconfig.json': '{"compilerOptions":{"paths":{"express":["./hijack.ts"]}}}',
    'hijack.ts': `throw new Error('hijacked')`,
  })
  const { trouble } = await verdict(workbook, ['1', '--dir', folder])
  expect(trouble?.sentence).toBe('Your app imports "of-its-own", which is not installed.')
})
