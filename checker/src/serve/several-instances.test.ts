import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../app/free-port.ts'
import { isRunning } from '../app/processes.ts'
import { type Started, until } from '../testing/processes.ts'
import { connectTo, contentOf, hasRedis, somebodysRedis } from '../testing/redis.ts'
import { makeWorkbook, type Workbook } from '../testing/workbook.ts'

/** A server that sets and gets a key in Redis, and says who it is. */
const SERVER = `
import http from 'node:http'
import { createClient } from 'redis'
const { DATA_DIR, INSTANCE_NAME, PORT, REDIS_PREFIX, REDIS_URL, TRUSTED_PROXIES } = process.env
const client = createClient({ url: REDIS_URL, disableOfflineQueue: true })
client.on('error', () => {})
await client.connect()
http.createServer(async (req, res) => {
  const value = req.url?.slice(1) ?? ''
  const key = REDIS_PREFIX + 'tea'
  const stored = await (value ? client.set(key, value, { expiration: { type: 'EX', value: 60 } }) : client.get(key))
    .catch(() => 'away')
  res.end([INSTANCE_NAME ?? PORT, process.pid, stored, TRUSTED_PROXIES, DATA_DIR].join(' '))
}).listen(Number(PORT), '127.0.0.1', () => console.log('up\\nand running'))
`

function workbookWithLab(server = SERVER): Workbook {
  const workbook = makeWorkbook()
  for (const place of ['labs', 'solutions']) workbook.write(`${place}/42-tiny/server.ts`, server)
  workbook.write(
    'labs/42-tiny/README.md',
    '---\ntitle: Tiny\ninstances: 2\nredis: true\n---\n# Lab 42: Tiny\n',
  )
  return workbook
}

/** Starts lab 42 for the running test. */
function serve(workbook: Workbook, env: Record<string, string | undefined>): Started {
  const lab = workbook.start('lab', ['42'], { env: { APP_PORT: undefined, PORT: undefined, ...env } })
  onTestFinished(async () => {
    lab.child.kill('SIGTERM')
    await lab.ended
  })
  return lab
}

/** A port whose neighbours, 10 and 20 further, are not in use either. */
async function freePorts(): Promise<number> {
  // Not where the system takes its own: another test could have a neighbour by the time that it is wanted.
  return 12_000 + ((await freePort()) % 8_000)
}

/** What a page says, in words: who, process, value, proxies, data folder. */
async function words(port: number): Promise<string[]> {
  const reply = await fetch(`http://localhost:${port}/`)
  return (await reply.text()).split(' ')
}

/** Waits until an instance answers there. */
async function up(port: number): Promise<void> {
  await until(
    () =>
      fetch(`http://localhost:${port}/`).then(
        () => true,
        () => false,
      ),
    `port ${port} answers`,
  )
}

describe.runIf(hasRedis)('npm run lab, for a lab with two instances (needs redis-server)', () => {
  test('starts both behind a balancer, with one Redis', async () => {
    const workbook = workbookWithLab()
    const port = await freePorts()
    const lab = serve(workbook, { PORT: String(port) })
    await Promise.all([up(port + 10), up(port + 20)])
    for (const line of [
      'Lab 42: Tiny',
      `Open   http://localhost:${port}   (a balancer: it asks A and B in turn)`,
      `       http://localhost:${port + 10}   (instance A)`,
      `       http://localhost:${port + 20}   (instance B)`,
      '(ends with this command)',
      'Stop   Ctrl-C',
    ])
      expect(lab.output()).toContain(line)
    await lab.prints('A | up\nA | and running\n')
    await lab.prints('B | up\nB | and running\n')
    // Nobody sits at a terminal.
    expect(lab.output()).not.toContain('Keys')

    await fetch(`http://localhost:${port}/green`)
    const pages = [await words(port), await words(port)]
    expect(pages.map(([who, , value, proxies]) => [who, value, proxies])).toEqual([
      ['B', 'green', '1'],
      ['A', 'green', '1'],
    ])
    const data = workbook.path('.session-labs', 'data')
    expect(pages.map((page) => page[4])).toEqual([`${data}/42-tiny-B`, `${data}/42-tiny-A`])
  })

  test('restarts both at a save', async () => {
    const workbook = workbookWithLab()
    const port = await freePorts()
    const lab = serve(workbook, { PORT: String(port) })
    await Promise.all([up(port + 10), up(port + 20)])
    const before = [(await words(port + 10))[1], (await words(port + 20))[1]]
    await until(async () => {
      workbook.write('labs/42-tiny/server.ts', `${SERVER}\n// ${Math.random()}`)
      await new Promise((resolve) => setTimeout(resolve, 500))
      return lab.output().includes('was saved')
    }, 'the save is seen')
    const changed = async (offset: number, pid: string | undefined) =>
      (await words(port + offset).catch(() => [undefined, pid]))[1] !== pid
    await until(() => changed(10, before[0]), 'A is a new process')
    await until(() => changed(20, before[1]), 'B is a new process')
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves no process after %s', async (signal) => {
    const port = await freePorts()
    const lab = serve(workbookWithLab(), { PORT: String(port) })
    await Promise.all([up(port + 10), up(port + 20)])
    const redis = /redis:\S+/.exec(lab.output())?.[0] ?? ''
    const server = await (await connectTo(redis)).info('server')
    const pids = [
      (await words(port + 10))[1],
      (await words(port + 20))[1],
      /process_id:(\d+)/.exec(server)?.[1],
    ]
    lab.child.kill(signal)
    expect((await lab.ended).status).toBe(signal === 'SIGKILL' ? null : 0)
    for (const pid of pids) await until(() => !isRunning(Number(pid)), `process ${pid} has ended`)
  })

  test('leaves somebody’s own Redis as it was', async () => {
    const theirs = await somebodysRedis()
    const before = await contentOf(theirs)
    const port = await freePorts()
    const lab = serve(workbookWithLab(), { PORT: String(port), REDIS_URL: theirs })
    await up(port + 10)
    await until(async () => {
      await fetch(`http://localhost:${port + 10}/green`)
      return (await words(port + 10))[2] === 'green'
    }, 'the value is stored')
    expect(lab.output()).toContain('(the way to the one in REDIS_URL)')
    expect(await contentOf(theirs)).toContain('session-labs:')
    lab.child.kill('SIGINT')
    await lab.ended
    expect(await contentOf(theirs)).toBe(before)
  })

  test('ends with 3, and says how to get Redis, where there is none', async () => {
    const env = { PATH: '/nowhere', Path: undefined, REDIS_URL: undefined, SESSION_LABS_NO_DOWNLOAD: '1' }
    const { status, stderr } = await workbookWithLab().run('lab', ['42'], {
      env: { PORT: String(await freePorts()), ...env },
    })
    expect(stderr).toContain('This lab needs Redis, and this machine has none. Get it with: ')
    expect(stderr).not.toContain('    at ')
    expect(status).toBe(3)
  })
})

describe.runIf(hasRedis)('the same lab in two terminals, with APP_PORT (needs redis-server)', () => {
  test('has one instance in each, and one Redis, which ends with the first', async () => {
    const workbook = workbookWithLab()
    const [one, two] = [await freePorts(), await freePorts()]
    const first = serve(workbook, { APP_PORT: String(one) })
    await up(one)
    expect(first.output()).toContain('(also for other terminals with an APP_PORT; ends with this one)')
    const second = serve(workbook, { APP_PORT: String(two) })
    await up(two)
    expect(second.output()).toContain(`(of the terminal with port ${one}, and ends with that one)`)
    await fetch(`http://localhost:${one}/green`)
    expect((await words(two)).slice(0, 3)).toEqual([String(two), expect.any(String), 'green'])
    // Each has its own files.
    expect([(await words(one))[4], (await words(two))[4]]).toEqual([
      workbook.path('.session-labs', 'data', `42-tiny-${one}`),
      workbook.path('.session-labs', 'data', `42-tiny-${two}`),
    ])
    const note = workbook.path('.session-labs', 'redis.json')
    expect(JSON.parse(readFileSync(note, 'utf8'))).toMatchObject({ pid: first.pid, prefix: 'session-labs:' })
    first.child.kill('SIGTERM')
    await first.ended
    expect(existsSync(note)).toBe(false)
    expect((await words(two))[2]).toBe('away')
  })

  test('takes no notice of a note that a kill has left', async () => {
    const workbook = workbookWithLab()
    const port = await freePorts()
    const left = { url: `redis://127.0.0.1:${await freePort()}`, prefix: 'x:', pid: process.pid, port: 5001 }
    workbook.write('.session-labs/redis.json', JSON.stringify(left))
    const lab = serve(workbook, { APP_PORT: String(port) })
    await up(port)
    expect(lab.output()).toContain('ends with this one')
  })
})

const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script')

describe.runIf(hasRedis && hasScript)(
  'the keys in a terminal (needs redis-server, and script as on Linux)',
  () => {
    test('kill and start the parts of the lab; Ctrl-C ends it, and the terminal is as it was', async () => {
      const workbook = workbookWithLab()
      const port = await freePorts()
      const { spawn } = await import('node:child_process')
      const lab = `${process.execPath} ${workbook.path('checker', 'bin', 'lab.js')} 42`
      const terminal = spawn(
        'script',
        ['-qec', `stty -a; ${lab}; echo ended with $?; stty -a`, '/dev/null'],
        {
          cwd: workbook.root,
          env: { ...process.env, PORT: String(port), NO_COLOR: '1', SHELL: '/bin/sh' },
        },
      )
      onTestFinished(() => void terminal.kill('SIGKILL'))
      let output = ''
      terminal.stdout.on('data', (text) => {
        output += text
      })
      const says = (text: string) =>
        until(() => output.includes(text), `it says "${text}"; it said:\n${output}`)
      const press = async (letter: string, answer: string) => {
        output = ''
        terminal.stdin.write(letter)
        await says(answer)
      }
      await Promise.all([up(port + 10), up(port + 20)])
      const settings = /^speed[\s\S]*?(?=\r?\n\r?\n)/m.exec(output)?.[0]
      expect(settings).toMatch(/[^-]icanon/)
      expect(output).toMatch(/Keys {3}a {2}kill instance A, or start it again\r\n {9}b /)
      await press('a', 'Instance A is dead.')
      expect([(await words(port))[0], (await words(port))[0]]).toEqual(['B', 'B'])
      await press('a', 'Instance A starts.')
      await up(port + 10)
      await press('k', 'Redis holds nothing.')
      await fetch(`http://localhost:${port + 20}/green`)
      await press('k', 'session-labs:tea  ends in ')
      await press('r', 'Redis is away')
      expect((await words(port + 20))[2]).toBe('away')
      await press('k', 'Redis is away')
      await press('r', 'Redis is there again')
      await until(async () => (await words(port + 20))[2] === 'green', 'the value is there again')
      await press('?', 'r  stop Redis, or start it again')
      await press('\x03', 'ended with 0')
      await new Promise((resolve) => terminal.once('close', resolve))
      expect(output).toContain(settings)
    })
  },
)
