import { existsSync, rmSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../app/free-port.ts'
import { isRunning } from '../app/processes.ts'
import { type Ended, type Started, until } from '../testing/processes.ts'
import { makeWorkbook, TINY_SERVER, type Workbook, writeBesideTheCode } from '../testing/workbook.ts'

const SERVER = 'labs/01-cookie-sessions/server.ts'

/** A server that answers with this text and the id of its process. */
const saying = (text: string, more = '') => `
import http from 'node:http'
http.createServer((_req, res) => res.end(${JSON.stringify(text)} + ' ' + process.pid))
  .listen(Number(process.env.PORT), '127.0.0.1', () => console.log('up: ' + ${JSON.stringify(text)}))
${more}`

/** Starts lab 1 with this server for the running test. */
async function serve(server: string, env: Record<string, string | undefined> = {}, args = ['1']) {
  const workbook = makeWorkbook()
  workbook.write(SERVER, server)
  const port = await freePort()
  const lab = workbook.start('lab', args, { env: { PORT: String(port), SESSION_SECRET: undefined, ...env } })
  onTestFinished(async () => {
    lab.child.kill('SIGTERM')
    await lab.ended
  })
  return { workbook, port, lab, url: `http://127.0.0.1:${port}` }
}

/** What the app answers, or undefined while it does not. */
async function page(url: string): Promise<string | undefined> {
  try {
    return await (await fetch(url)).text()
  } catch {
    return undefined
  }
}

/** Waits until the app answers with this text. @returns the id of its process */
async function answers(url: string, text: string, lab: Started): Promise<number> {
  let came: string | undefined
  const there = async () => {
    came = await page(url)
    return came?.startsWith(`${text} `)
  }
  await until(there, `the app says "${text}"; lab printed:\n${lab.output()}`)
  return Number(came?.split(' ').at(-1))
}

/** Ends it. @returns all that it printed */
function endOf(lab: Started): Promise<Ended> {
  lab.child.kill('SIGTERM')
  return lab.ended
}

/** Saves a file, again and again until it is seen: the watcher may begin a moment after the app. */
async function save(workbook: Workbook, lab: Started, name: string, text: string): Promise<void> {
  const before = lab.output().length
  const seen = () => lab.output().slice(before).includes('was saved: starting again.')
  for (let tries = 0; tries < 20 && !seen(); tries++) {
    workbook.write(name, `${text}\n// ${tries}`)
    await until(seen, 'it is seen', 2_000).catch(() => {})
  }
  expect(seen()).toBe(true)
}

describe('npm run lab', () => {
  test.each([
    ['', () => {}],
    [', also where the solutions were kept back', rmSync],
  ])('says what to open, read, edit and check, and serves it%s', async (_where, removeSolutions) => {
    const workbook = makeWorkbook()
    removeSolutions(workbook.path('solutions'), { recursive: true })
    const port = await freePort()
    const lab = workbook.start('lab', ['1'], { env: { PORT: String(port) } })
    onTestFinished(async () => {
      lab.child.kill('SIGTERM')
      await lab.ended
    })
    await lab.prints(`Listening on http://localhost:${port}`)
    for (const line of [
      'Lab 1: Cookie sessions',
      `Open   http://localhost:${port}`,
      'Read   labs/01-cookie-sessions/README.md',
      'Edit   cart.ts, cookies.ts, preference.ts   (in labs/01-cookie-sessions)',
      'Check  npx lab-check 1',
      'Stop   Ctrl-C',
    ]) {
      expect(lab.output()).toContain(line)
    }
    expect(await page(`http://localhost:${port}/`)).toContain('Toy shop')
    expect(existsSync(workbook.path('.session-labs', 'data', '01-cookie-sessions'))).toBe(true)
  })

  test('uses the next port that is free when the one asked for is taken, and says so', async () => {
    const workbook = makeWorkbook()
    const taken = await freePort()
    const holder = net.createServer()
    await new Promise<void>((resolve) => holder.listen(taken, '127.0.0.1', resolve))
    workbook.write(SERVER, saying('hello'))
    const lab = workbook.start('lab', ['1'], { env: { PORT: String(taken) } })
    onTestFinished(async () => {
      lab.child.kill('SIGTERM')
      await lab.ended
      holder.close()
    })
    await lab.prints('up: hello')
    expect(lab.output()).toMatch(
      new RegExp(`Port ${taken} is taken(?: \\(.+\\))?, so I use the next one that is free\\.`),
    )
    const url = /Open {3}(http:\/\/localhost:\d+)/.exec(lab.output())?.[1] ?? ''
    expect(Number(new URL(url).port)).toBeGreaterThan(taken)
    expect(await page(url)).toContain('hello')
  })

  test('starts again at a save, in a new process on the same port', async () => {
    const { workbook, lab, url } = await serve(saying('one'))
    const first = await answers(url, 'one', lab)
    await save(workbook, lab, SERVER, saying('two'))
    const second = await answers(url, 'two', lab)
    expect(second).not.toBe(first)
    expect(isRunning(first)).toBe(false)
  })

  test('starts again for what the app is made of, and for nothing else', async () => {
    const { workbook, lab, url } = await serve(saying('one'))
    await answers(url, 'one', lab)
    for (const name of ['page.html', 'style.css', 'prices.json', 'deep/help.ts'])
      await save(workbook, lab, `labs/01-cookie-sessions/${name}`, '')
    await save(workbook, lab, 'labs/kit/app.ts', workbook.read('labs', 'kit', 'app.ts'))
    // The last save may have been made more than once.
    await until(() => lab.output().trimEnd().endsWith('up: one'), 'the app is there again')
    await pause(1_000)
    const restarts = () => lab.output().split('starting again.').length - 1
    const before = restarts()
    writeBesideTheCode(workbook, 'labs/01-cookie-sessions')
    await pause(1_000)
    expect(restarts()).toBe(before)
    rmSync(workbook.path('labs/01-cookie-sessions/notes.md'))
    rmSync(workbook.path('labs/01-cookie-sessions/new-folder'), { recursive: true })
    await pause(1_000)
    expect(restarts()).toBe(before)
    rmSync(workbook.path('labs/01-cookie-sessions/deep/help.ts'))
    await lab.prints(/help\.ts was saved: starting again\.[\s\S]*help\.ts was saved: starting again\./)
  })

  test('says in one sentence what does not compile, and comes back when it is mended', async () => {
    const { workbook, lab, url } = await serve(saying('one'))
    await answers(url, 'one', lab)
    await save(workbook, lab, SERVER, 'const const = 1')
    await lab.prints(
      / {2}Your code does not compile: Expected identifier but found "const"\n {2}labs\/01-cookie-sessions\/server\.ts, line 1\n/,
    )
    await lab.prints('I start the app again when you save a file in labs/01-cookie-sessions.')
    await save(workbook, lab, SERVER, saying('three'))
    await answers(url, 'three', lab)
  })

  test('says where the app ended with an error, and comes back when it is mended', async () => {
    const { workbook, lab, url } = await serve(`\nthrow new Error('out of paper')\n`)
    await lab.prints('The app has ended. Error: out of paper')
    await lab.prints('Look at labs/01-cookie-sessions/server.ts, line 2.')
    await save(workbook, lab, SERVER, saying('mended'))
    await answers(url, 'mended', lab)
  })

  test('leaves frames in packages and in Node out of a stack, and nothing else', async () => {
    const { lab } = await serve(`
import express from 'express'
console.error('Jürgen looks at node_modules')
const app = express()
function start() {
  app.get('/', undefined as never)
}
start()
`)
    await lab.prints('I start the app again')
    const { stderr } = await endOf(lab)
    expect(stderr).toContain('Jürgen looks at node_modules\n')
    expect(stderr).toMatch(/^TypeError: /m)
    const frames = stderr.split('\n').filter((line) => /^ +at /.test(line))
    expect(frames.length).toBeGreaterThanOrEqual(2)
    for (const frame of frames) expect(frame).toContain('labs/01-cookie-sessions/server.ts:')
    expect(lab.output()).toContain('Look at labs/01-cookie-sessions/server.ts, line 6.')
  })

  test('shows letters whole that come in two pieces', async () => {
    const { lab } = await serve(`
process.stderr.write(Buffer.from([0x4a, 0xc3]))
setTimeout(() => process.stderr.write(Buffer.from([0xbc, 0x72, 0x67, 0x65, 0x6e, 0x0a])), 300)
setTimeout(() => {}, 60_000)
`)
    await lab.prints('rgen')
    expect(lab.output()).toContain('Jürgen\n')
  })

  test('waits when server.ts is gone for a moment, as some editors save', async () => {
    const { workbook, lab, url } = await serve(saying('one'))
    await answers(url, 'one', lab)
    await save(workbook, lab, SERVER, saying('two'))
    await answers(url, 'two', lab)
    rmSync(workbook.path(SERVER))
    await lab.prints('labs/01-cookie-sessions has no server.ts, so there is nothing to start.')
    await save(workbook, lab, SERVER, saying('three'))
    await answers(url, 'three', lab)
  })

  test('starts one app and not two when a save comes while the last one is still ending', async () => {
    const slowly = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 400))`
    const { workbook, lab, url } = await serve(saying('one', slowly))
    await answers(url, 'one', lab)
    await save(workbook, lab, SERVER, saying('two', slowly))
    // The first app is ending now; this is saved in between.
    workbook.write(SERVER, saying('three', slowly))
    await answers(url, 'three', lab)
    await save(workbook, lab, SERVER, saying('four'))
    await answers(url, 'four', lab)
    expect(lab.output()).not.toContain('EADDRINUSE')
  })

  test('does not wait for an app that will not end', async () => {
    const { workbook, lab, url } = await serve(saying('stubborn', `process.on('SIGTERM', () => {})`))
    const first = await answers(url, 'stubborn', lab)
    await save(workbook, lab, SERVER, saying('gentle'))
    await answers(url, 'gentle', lab)
    expect(isRunning(first)).toBe(false)
  })

  test.runIf(process.platform !== 'win32').each(['SIGINT', 'SIGTERM'] as const)(
    'ends with its app at %s',
    async (signal) => {
      const { lab, url } = await serve(saying('hello'))
      const pid = await answers(url, 'hello', lab)
      process.kill(lab.pid, signal)
      expect((await lab.ended).status).toBe(0)
      expect(isRunning(pid)).toBe(false)
    },
  )

  test('starts the solution with --solution, also where npm keeps the option to itself', async () => {
    const { lab, url } = await serve(TINY_SERVER, { npm_config_solution: 'true' })
    await lab.prints('Listening on')
    expect(lab.output()).toContain('(the solution)')
    expect(lab.output()).not.toContain('Edit ')
    expect(await page(url)).toContain('Toy shop')
  })

  test('gives the app the secret that the student has set, and else one that everybody knows', async () => {
    const secret = `
import http from 'node:http'
http.createServer((_req, res) => res.end('secret ' + process.env.SESSION_SECRET))
  .listen(Number(process.env.PORT), '127.0.0.1')`
    const own = await serve(secret, { SESSION_SECRET: 'mine' })
    await until(() => page(own.url), 'it answers')
    expect(await page(own.url)).toBe('secret mine')
    const ours = await serve(secret)
    await until(() => page(ours.url), 'it answers')
    expect(await page(ours.url)).toBe('secret development-secret-that-everybody-knows')
  })

  test.each([
    ['is development, with a secret that everybody knows', {}, 'development', 'string'],
    ['is what the student has set', { NODE_ENV: 'staging' }, 'staging', 'string'],
    ['has no secret of ours in production', { NODE_ENV: 'production' }, 'production', 'undefined'],
  ])('the environment of the app %s', async (_what, env, mode, secret) => {
    const says = `
import http from 'node:http'
const { NODE_ENV, SESSION_SECRET, DATA_DIR, PORT } = process.env
http.createServer((_req, res) => res.end(JSON.stringify([NODE_ENV, typeof SESSION_SECRET, DATA_DIR, PORT])))
  .listen(Number(PORT), '127.0.0.1')`
    const theirs = { DATA_DIR: '/no/such/folder', NODE_ENV: undefined, ...env }
    const { workbook, url, port } = await serve(says, theirs)
    await until(() => page(url), 'it answers')
    const data = workbook.path('.session-labs', 'data', '01-cookie-sessions')
    expect(JSON.parse((await page(url)) ?? '')).toEqual([mode, secret, data, String(port)])
  })
})

describe('npm run lab, used wrongly, ends with 2:', () => {
  test.each([
    [
      'an unknown lab, listing those that there are',
      ['99'],
      {},
      /There is no lab "99".*\n {2}1 {2}Cookie sessions/,
    ],
    ['a PORT that is none', ['1'], { PORT: 'http' }, /PORT is "http", which is not a port/],
  ])('%s', async (_what, args, env, says) => {
    const { status, stderr } = await makeWorkbook().run('lab', args, { env })
    expect(stderr).toMatch(says)
    expect(status).toBe(2)
  })

  test('a lab without a server.ts', async () => {
    const workbook = makeWorkbook()
    rmSync(workbook.path(SERVER))
    const { status, stderr } = await workbook.run('lab', ['1'])
    expect(stderr).toContain('labs/01-cookie-sessions has no server.ts')
    expect(status).toBe(2)
  })
})
