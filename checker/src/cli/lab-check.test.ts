import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type RunResult, totals } from '../check/record.ts'
import { addTinyLab, makeFolder, makeWorkbook, verdict, type Workbook } from '../testing/workbook.ts'
import { parseXml } from '../testing/xml.ts'

/** What a check needs besides its body. */
const SPEC = { name: 'it is so', step: 0, points: 1, hints: ['One.', 'Two.', 'Three.'] }

/** A workbook that no test changes. */
let workbook: Workbook
beforeAll(() => {
  workbook = makeWorkbook()
})

describe.concurrent('lab-check ends with', () => {
  test('0 when every check passes', async ({ expect }) => {
    const { status, stdout } = await workbook.run('lab-check', ['1', '--solution'])
    expect(stdout).toMatch(/All checks pass: (\d+) of \1 points\./)
    expect(status).toBe(0)
  })

  test('1 when the work falls short, and the first failure says what is missing', async ({ expect }) => {
    const starter = path.join(workbook.root, 'labs', '01-cookie-sessions')
    const { status, stdout } = await workbook.run('lab-check', ['1', '--dir', starter])
    expect(stdout).toContain('The answer should set the cookie "cart".')
    expect(stdout).toContain('^ a line is missing here: Set-Cookie: cart=…')
    expect(status).toBe(1)
  })

  test.each([
    [
      'an unknown lab, and lists those that there are',
      ['99'],
      /There is no lab "99".*\n {2}1 {2}Cookie sessions/,
    ],
    ['an unknown option', ['1', '--faster'], /unknown option '--faster'/],
    ['an unknown format', ['1', '--format', 'pdf'], /'pdf' is invalid.*pretty, json, junit, tap/],
    ['a seed that is none', ['1', '--seed', '12'], /--seed takes eight hexadecimal digits.*"12"/],
    [
      'an unknown check, and lists those that there are',
      ['1', '--only', 'cookies', '--solution'],
      /Lab 1 has no check "cookies"\. Its checks are:\n {2}opens\n {2}set-cookie\n/,
    ],
    ['--only without a lab', ['--only', 'opens'], /--only needs one lab/],
    ['--dir without a lab', ['--dir', '.'], /--dir needs one lab/],
    ['--dir and --solution together', ['1', '--dir', '.', '--solution'], /not both/],
    ['--solution without a lab', ['--solution'], /Which lab\?/],
    ['--hint without a lab', ['--hint'], /Which lab\?/],
    ['--watch without a lab', ['--watch'], /Which lab\?/],
    ['an unknown lab to reset', ['reset', '99'], /There is no lab "99"/],
    ['an unknown lab to compare', ['diff', '99'], /There is no lab "99"/],
  ])('2 for %s', async (_what, args, says) => {
    const { status, stdout, stderr } = await workbook.run('lab-check', args)
    expect(stderr).toMatch(says)
    expect(stdout).toBe('')
    expect(status).toBe(2)
  })

  test('2 for a folder without a server.ts, or none at all', async ({ expect }) => {
    for (const folder of [makeFolder(), '/no/such/folder']) {
      const { status, stderr } = await workbook.run('lab-check', ['1', '--dir', folder])
      expect(stderr).toContain(`${folder} has no server.ts, so there is nothing to start.`)
      expect(status).toBe(2)
    }
  })

  test('3 when the checks of a lab are missing, and says that it is not the student’s trouble', async ({
    expect,
  }) => {
    const broken = makeWorkbook()
    rmSync(broken.path('checker', 'dist', 'checks', '01-cookie-sessions.js'))
    const { status, stderr } = await broken.run('lab-check', ['1', '--solution'])
    expect(stderr).toContain('Lab 1 has no compiled checks. Build them with: npm run build')
    expect(stderr).toContain('This is the checker’s trouble, not yours.')
    expect(status).toBe(3)
  })

  test('3 when the checks of a lab do not load', async ({ expect }) => {
    const broken = makeWorkbook()
    addTinyLab(broken, { checks: `throw new Error('half written')` })
    const { status, stderr } = await broken.run('lab-check', ['42', '--solution'])
    expect(stderr).toContain('checks/42-tiny.js does not load: half written')
    expect(status).toBe(3)
  })

  test('3 when the checker is not built yet', async ({ expect }) => {
    const broken = makeWorkbook()
    rmSync(broken.path('checker', 'dist'), { recursive: true })
    const { status, stderr } = await broken.run('lab-check', ['1'])
    expect(stderr).toBe('Session Labs is not built yet. Run: npm ci\n')
    expect(status).toBe(3)
  })

  test('3 when a chapter cannot be read', async ({ expect }) => {
    const broken = makeWorkbook()
    rmSync(broken.path('labs', '01-cookie-sessions', 'README.md'))
    const { status, stderr } = await broken.run('lab-check', [])
    expect(stderr).toContain('The chapter labs/01-cookie-sessions/README.md cannot be read.')
    expect(status).toBe(3)
  })
})

test('lab-check works from any folder', async () => {
  const args = ['labs/01-cookie-sessions/', '--solution', '--only', 'opens']
  const { status, stdout } = await workbook.run('lab-check', args, { cwd: makeFolder() })
  expect(stdout).toContain('Lab 1: Cookie sessions')
  expect(status).toBe(0)
})

describe.concurrent('lab-check --format', () => {
  const starter = () => ['1', '--dir', workbook.work, '--seed', '0badcafe']

  test('json is one document, whose records have the fields of the contract and no others', async ({
    expect,
  }) => {
    const { status, stdout } = await workbook.run('lab-check', [...starter(), '--format', 'json'])
    const document = JSON.parse(stdout)
    const fields = 'id,name,points,maxPoints,status,why,exchange,hint,reads,ms'.split(',')
    const [result] = document.results as RunResult[]
    const records = result?.records ?? []
    expect(records.map((record) => record.status)).toEqual(
      expect.arrayContaining(['pass', 'fail', 'blocked']),
    )
    for (const record of records) {
      expect(Object.keys(record).sort()).toEqual(fields.toSorted())
      expect(Number.isInteger(record.points) && Number.isInteger(record.maxPoints)).toBe(true)
      expect(['pass', 'fail', 'blocked']).toContain(record.status)
      expect(record.why === null).toBe(record.status === 'pass')
    }
    expect(result).toMatchObject({
      seed: '0badcafe',
      trouble: null,
      partial: false,
      points: 1,
      maxPoints: totals(records).maxPoints,
    })
    expect(result?.lab).toEqual({
      number: 1,
      id: '01-cookie-sessions',
      title: 'Cookie sessions',
      port: 3001,
    })
    expect(document.exitStatus).toBe(1)
    expect(status).toBe(1)
  })

  test('junit is well-formed XML with a test case for each check', async ({ expect }) => {
    const { status, stdout } = await workbook.run('lab-check', [...starter(), '--format', 'junit'])
    const [suite] = parseXml(stdout).children
    const cases = suite?.children.filter((one) => one.name === 'testcase') ?? []
    const { tests, failures, errors, skipped } = suite?.attributes ?? {}
    expect(cases).toHaveLength(Number(tests))
    expect([Number(failures) > 0, errors, Number(skipped) > 0]).toEqual([true, '0', true])
    expect(status).toBe(1)
  })

  test('tap has a plan for all checks of all labs, and a line for each', async ({ expect }) => {
    const { status, stdout } = await workbook.run('lab-check', ['1', '1', '--solution', '--format', 'tap'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', `1..${lines.length - 2}`])
    expect(lines.filter((line) => line.startsWith('ok '))).toHaveLength(lines.length - 2)
    expect(lines.filter((line) => line.includes(' 01-cookie-sessions set-cookie: '))).toHaveLength(2)
    expect(status).toBe(0)
  })
})

test('lab-check --seed repeats a run exactly; without it, every run is another one', async () => {
  /** All requests of a run. Only what the app itself makes up is left out: the ids of orders. */
  const requests = async (...args: string[]) => {
    const { records, seed } = await verdict(workbook, ['1', '--solution', ...args])
    expect(seed).toMatch(/^[0-9a-f]{8}$/)
    return records
      .flatMap((record) => record.exchange)
      .map((one) =>
        `${one.says} ${JSON.stringify(one.request)}`.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)'),
      )
  }
  const seeded = ['--seed', '0badcafe']
  const [first, again, other] = await Promise.all([requests(...seeded), requests(...seeded), requests()])
  expect(first.length).toBeGreaterThan(50)
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

test('lab-check --only runs a check and those it needs, and no other', async () => {
  const own = makeWorkbook()
  addTinyLab(own, {
    checks: ['a', 'b', 'c', 'd']
      .map((id, index) => {
        const needs = { c: ['a'], d: ['c'] }[id] ?? []
        return `check('${id}', ${JSON.stringify({ ...SPEC, points: index, needs })}, async () => {})`
      })
      .join('\n'),
  })
  const { status, records, partial } = await verdict(own, ['42', '--solution', '--only', 'd'])
  expect(records.map((record) => record.id)).toEqual(['a', 'c', 'd'])
  expect(partial).toBe(true)
  expect(status).toBe(0)
})

test('lab-check --list shows every check with its points, and runs nothing', async () => {
  const { status, stdout } = await workbook.run('lab-check', ['--list'])
  expect(stdout).toMatch(/^Lab 1: Cookie sessions, \d\d points$/m)
  expect(stdout).toMatch(/^ {3}3 {2}size-limit {7}what does not fit into 4,096 bytes is refused/m)
  expect(stdout).not.toMatch(/[✓✗]/)
  expect(status).toBe(0)
})

test('lab-check ends without a word when nobody reads any more, as with | head', async () => {
  const { child, ended } = workbook.start('lab-check', ['--list'])
  child.stdout?.destroy()
  expect(await ended).toMatchObject({ status: 141, stderr: '' })
})

test('lab-check --help shows every option and what the exit status means', async () => {
  const { status, stdout } = await workbook.run('lab-check', ['--help'])
  for (const word of '--dir --solution --watch --hint --only --seed --format --list doctor diff reset'.split(
    ' ',
  ))
    expect(stdout).toContain(word)
  expect(stdout).toContain('Exit status: 0 every check passes, 1 the work falls short')
  expect(status).toBe(0)
})

test('lab-check --hint says more about an app that does not start', async () => {
  const own = makeWorkbook()
  own.write(
    'docs/pages/when.md',
    '# When\n\n## It ends\n\n{{ trouble ended }}\n\nText of\ntwo lines.\n\n1. Go.\n2. Stop.\n\n## Other\n',
  )
  own.write('labs/01-cookie-sessions/server.ts', '')
  const { stdout } = await own.run('lab-check', ['1', '--hint'])
  expect(stdout).toContain('      Text of two lines.\n      1. Go.\n      2. Stop.\n')
  expect(stdout).not.toContain('Other')
})

test('lab-check --hint gives one more hint each time, up to three, and remembers', async () => {
  const own = makeWorkbook()
  const hints = async () => (await own.run('lab-check', ['1', '--hint'])).stdout.match(/Hint \d of 3: /g)
  expect(await hints()).toEqual(['Hint 1 of 3: '])
  expect(await hints()).toEqual(['Hint 1 of 3: ', 'Hint 2 of 3: '])
  expect(await hints()).toHaveLength(3)
  const later = await own.run('lab-check', ['1'])
  expect(later.stdout).toContain('Hint 3 of 3: ')
  expect(later.stdout).not.toContain('One more:')
})

test('lab-check forgets the hints of a check when it passes, and of no other', async () => {
  const own = makeWorkbook()
  const FILE = '.session-labs/42-tiny.json'
  const tiny = (...failing: string[]) =>
    addTinyLab(own, {
      checks: ['a', 'b']
        .map((id) => {
          const body = failing.includes(id) ? `expect.fail({ expected: 'E', got: 'G' })` : ''
          return `check('${id}', ${JSON.stringify(SPEC)}, async () => { ${body} })`
        })
        .join('\n'),
    })
  const hints = () => JSON.parse(own.read(FILE)).hintsShown
  tiny('a', 'b')
  await own.run('lab-check', ['42', '--hint'])
  await own.run('lab-check', ['42', '--only', 'b', '--hint'])
  expect(hints()).toEqual({ a: 1, b: 1 })
  tiny('b')
  await own.run('lab-check', ['42'])
  expect(hints()).toEqual({ b: 1 })
  tiny('a', 'b')
  expect((await own.run('lab-check', ['42'])).stdout).not.toContain('Hint 1 of 3: ')
  tiny()
  await own.run('lab-check', ['42', '--only', 'b'])
  expect(hints()).toEqual({})
})

describe('lab-check without a lab', () => {
  test('shows how far the student is, and what comes next', async () => {
    const own = makeWorkbook()
    const progress = async () => (await own.run('lab-check', [])).stdout
    expect(await progress()).toMatch(/· 1 {2}Cookie sessions +not checked yet/)
    expect(await progress()).toContain('Next: npm run lab 1, and read labs/01-cookie-sessions/README.md')

    await own.run('lab-check', ['1'])
    expect(await progress()).toMatch(
      /– 1 {2}Cookie sessions +1\/\d\d {2}checked \d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    )
    expect(await progress()).toContain('Next in lab 1: Step 1: Put the cart into a cookie')

    own.solve()
    await own.run('lab-check', ['1'])
    expect(await progress()).toMatch(/✓ 1 {2}Cookie sessions +(\d\d)\/\1 /)
    expect(await progress()).toContain('All labs pass.')
  })

  test('knows nothing of a run of the solution, of another folder, or of one check', async () => {
    const own = makeWorkbook()
    await own.run('lab-check', ['1', '--solution', '--only', 'opens'])
    await own.run('lab-check', ['1', '--dir', own.solution])
    await own.run('lab-check', ['1', '--only', 'opens'])
    expect((await own.run('lab-check', [])).stdout).toContain('not checked yet')
  })

  test('keeps what it knows through a run of one check, also of the hints', async () => {
    const own = makeWorkbook()
    const file = () => JSON.parse(own.read('.session-labs/01-cookie-sessions.json'))
    await own.run('lab-check', ['1', '--only', 'set-cookie', '--hint'])
    expect(file()).toEqual({ last: null, hintsShown: { 'set-cookie': 1 } })
    await own.run('lab-check', ['1'])
    const { last } = file()
    expect(last).toMatchObject({ points: 1, passed: false })
    await own.run('lab-check', ['1', '--only', 'opens'])
    expect(file()).toEqual({ last, hintsShown: { 'set-cookie': 1 } })
  })
})

describe('the file that remembers progress', () => {
  const FILE = '.session-labs/01-cookie-sessions.json'

  test('may hold anything: what is not progress counts as none, and the next run writes it anew', async () => {
    const own = makeWorkbook()
    const last = { checkedAt: '2026-01-01T00:00:00.000Z', points: 1, maxPoints: 2, passed: true, next: null }
    const garbages: unknown[] = [
      null,
      [],
      {},
      { last, hintsShown: null },
      { last },
      { ...last, hintsShown: {} },
      { last: 1, hintsShown: {} },
      { last: { ...last, checkedAt: 1 }, hintsShown: {} },
      { last: { ...last, points: '1' }, hintsShown: {} },
      { last: { ...last, maxPoints: undefined }, hintsShown: {} },
      { last: { ...last, next: {} }, hintsShown: {} },
    ]
    for (const garbage of ['', '{', ...garbages.map((one) => JSON.stringify(one))]) {
      own.write(FILE, garbage)
      const { status, stdout } = await own.run('lab-check', [])
      expect([garbage, status, stdout]).toEqual([garbage, 0, expect.stringContaining('not checked yet')])
    }
    expect((await own.run('lab-check', ['1', '--hint'])).status).toBe(1)
    expect(JSON.parse(own.read(FILE))).toMatchObject({
      last: { points: 1, passed: false },
      hintsShown: { 'set-cookie': 1 },
    })
  })

  test('is whole after runs that end at the same time, and nothing is left beside it', async () => {
    const own = makeWorkbook()
    const runs = await Promise.all([1, 2, 3].map(() => own.run('lab-check', ['1'])))
    expect(runs.map((run) => run.status)).toEqual([1, 1, 1])
    expect(JSON.parse(readFileSync(own.path(FILE), 'utf8'))).toMatchObject({
      last: { points: 1, passed: false },
    })
    expect(readdirSync(own.path('.session-labs'))).toEqual(['01-cookie-sessions.json'])
  })
})
