import { describe, test } from 'vitest'
import { addTinyLab, makeWorkbook, verdict } from '../testing/workbook.ts'

const SPEC = `name: 'it is so', step: 1, points: 2, hints: ['One.', 'Two.', 'Three.']`

/** A server that says when it started, what its environment and clock are, and what is in its data folder. */
const SERVER = `
import fs from 'node:fs'
import http from 'node:http'
const started = Math.random()
const atStart = Date.now()
const note = process.env.DATA_DIR + '/note'
http.createServer((req, res) => {
  if (req.url === '/die') process.exit(1)
  if (req.url?.startsWith('/write/')) fs.writeFileSync(note, req.url.slice(7))
  const text = fs.existsSync(note) ? fs.readFileSync(note, 'utf8') : null
  res.end(JSON.stringify({ started, atStart, now: Date.now(), text, colour: process.env.COLOUR ?? null }))
}).listen(Number(process.env.PORT), '127.0.0.1')
// The source says: marzipan.
`

/** Judges lab 42 with these checks, written in JavaScript. */
async function judge(checks: string, server = SERVER) {
  const workbook = makeWorkbook()
  addTinyLab(workbook, {
    checks,
    server,
    chapter: '# Lab 42: Tiny\n\n## Step 1: Begin here\n\n## Step 2: End it\n',
  })
  return verdict(workbook, ['42', '--dir', workbook.path('solutions', '42-tiny')])
}

describe.concurrent('a run', () => {
  test('gives each check a record with its points, its reading, and the requests it made', async ({
    expect,
  }) => {
    const { records, lab } = await judge(`
check('passes', { ${SPEC} }, async ({ visitor }) => { await visitor('Ada').get('/') })
check('fails', { ${SPEC} }, async ({ visitor }) => {
  const ada = visitor('Ada')
  const reply = await ada.get('/', { does: 'looks' })
  await ada.get('/later')
  expect.expectStatus(reply, 404)
})`)
    expect(lab).toEqual({ number: 42, id: '42-tiny', title: 'Tiny', port: 3042 })
    expect(records[0]).toMatchObject({ id: 'passes', status: 'pass', points: 2, maxPoints: 2, why: null })
    expect(records[1]).toMatchObject({
      id: 'fails',
      status: 'fail',
      points: 0,
      maxPoints: 2,
      why: { did: ['Ada looks.'], expected: 'The answer should be 404.', got: 'It is 200 OK.' },
      reads: { chapter: 'labs/42-tiny/README.md', step: 1, heading: 'Step 1: Begin here' },
    })
    // The story ends where it failed: what came after would only distract.
    expect(records[1]?.exchange.map((one) => one.request.path)).toEqual(['/'])
  })

  test('sends to the step that asks, where that is another than the check’s own', async ({ expect }) => {
    const { records } = await judge(`
const fails = async ({ aboutStep }) => { aboutStep(2); expect.fail({ expected: 'E', got: 'G' }) }
check('later', { ${SPEC} }, fails)
check('passes', { ${SPEC} }, async ({ aboutStep }) => aboutStep(2))`)
    expect(records.map(({ reads }) => reads.heading)).toEqual(['Step 2: End it', 'Step 1: Begin here'])
  })

  test('blocks what waits for a failed check, directly or through others, and runs the rest', async ({
    expect,
  }) => {
    const { records, status } = await judge(`
const fails = async () => expect.fail({ expected: 'E', got: 'G' })
const passes = async () => {}
check('a', { ${SPEC} }, fails)
check('b', { ${SPEC}, needs: ['a'] }, passes)
check('c', { ${SPEC}, needs: ['b'] }, passes)
check('d', { ${SPEC} }, passes)`)
    expect(records.map((record) => `${record.id} ${record.status} ${record.why?.got ?? ''}`)).toEqual([
      'a fail G',
      'b blocked waits for a',
      'c blocked waits for b',
      'd pass ',
    ])
    expect(status).toBe(1)
  })

  test('calls it an error of the checker, exit status 3, when a check itself breaks', async ({ expect }) => {
    const { records, status } = await judge(`
check('breaks', { ${SPEC} }, async () => { null.oops })
check('next', { ${SPEC} }, async () => {})`)
    expect(records.map((record) => record.status)).toEqual(['error', 'pass'])
    expect(records[0]).toMatchObject({ points: 0, why: { got: 'It broke.' } })
    expect(records[0]?.why?.detail.join('\n')).toContain('TypeError')
    expect(status).toBe(3)
  })

  test('takes advice for advice: what is worth no points fails no run', async ({ expect }) => {
    const { records, status } = await judge(`
check('passes', { ${SPEC} }, async () => {})
check('advice', { ${SPEC}, points: 0 }, async ({ source }) => {
  if ((await source()).includes('marzipan')) expect.fail({ expected: 'No marzipan.', got: 'There is some.' })
})`)
    expect(records[1]).toMatchObject({ status: 'fail', points: 0, maxPoints: 0 })
    expect(status).toBe(0)
  })

  test('has no lab that passes without checks', async ({ expect }) => {
    const workbook = makeWorkbook()
    addTinyLab(workbook, { checks: '' })
    const { status, stdout } = await workbook.run('lab-check', ['42', '--solution'])
    expect(stdout).not.toContain('All checks pass')
    expect(status).toBe(3)
  })
})

describe.concurrent('another instance of the app', () => {
  const READ = `const read = async (visitor, at) => JSON.parse((await visitor().get('/', { at })).body)`

  test('is one for the same options, with an environment and a clock of its own', async ({ expect }) => {
    const { records } = await judge(`
${READ}
check('instances', { ${SPEC} }, async ({ visitor, instance }) => {
  const main = await read(visitor)
  const red = await read(visitor, await instance({ env: { COLOUR: 'red' } }))
  const again = await read(visitor, await instance({ env: { COLOUR: 'red' } }))
  const later = await read(visitor, await instance({ clockAheadSeconds: 86400 }))
  const days = Math.round((later.now - main.now) / 86400_000)
  expect.fail({ expected: '', got: JSON.stringify([main.colour, red.colour, red.started === again.started, days]) })
})`)
    expect(records[0]?.why?.got).toBe('[null,"red",true,1]')
  })

  test('has a clock that goes ahead when it listens', async ({ expect }) => {
    const { records } = await judge(`
${READ}
check('instances', { ${SPEC} }, async ({ visitor, instance }) => {
  const hours = (one, other) => Math.round((one - other) / 3600_000)
  const main = await read(visitor)
  const leapt = await read(visitor, await instance({ clockAheadSeconds: 7200, clockLeapSeconds: 86400 }))
  expect.fail({ expected: '', got: JSON.stringify([hours(leapt.atStart, main.now), hours(leapt.now, main.now)]) })
})`)
    expect(records[0]?.why?.got).toBe('[2,26]')
  })

  test('has an empty data folder, also after another one was started anew, or shares the first one’s', async ({
    expect,
  }) => {
    const { records } = await judge(`
${READ}
check('folders', { ${SPEC} }, async ({ visitor, instance }) => {
  const one = { env: { COLOUR: 'one' } }
  await visitor().get('/write/main')
  await visitor().get('/write/first', { at: await instance(one) })
  await visitor().get('/die', { at: await instance(one) }).catch(() => {})
  const anew = await (async () => {
    for (;;) {
      const app = await instance(one)
      const state = await read(visitor, app).catch(() => undefined)
      if (state) return { app, state }
    }
  })()
  await visitor().get('/write/second', { at: anew.app })
  const two = await read(visitor, await instance({ env: { COLOUR: 'two' } }))
  const shared = await read(visitor, await instance({ data: 'shared', env: { COLOUR: 'three' } }))
  expect.fail({ expected: '', got: JSON.stringify([anew.state.text, two.text, shared.text]) })
})`)
    expect(records[0]?.why?.got).toBe('[null,null,"main"]')
  })

  test('that does not start fails the check, in the same words as at the start', async ({ expect }) => {
    const { records } = await judge(
      `check('production', { ${SPEC} }, async ({ instance }) => { await instance({ env: { COLOUR: 'grey' } }) })
check('next', { ${SPEC} }, async ({ visitor }) => { await visitor().get('/') })`,
      `if (process.env.COLOUR === 'grey') throw new Error('no grey')\n${SERVER}`,
    )
    expect(records[0]).toMatchObject({
      status: 'fail',
      why: { expected: 'An instance of the app should start.', got: expect.stringContaining('no grey') },
    })
    expect(records[1]?.status).toBe('pass')
  })
})
