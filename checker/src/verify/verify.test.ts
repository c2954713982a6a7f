import { describe, expect, test } from 'vitest'
import { addTinyLab, makeWorkbook, type Workbook } from '../testing/workbook.ts'

/** A workbook whose only lab is a small one: a shop that opens, with one mistake that closes it. */
function smallCourse({ output = 'hello', from = 'hello' } = {}): Workbook {
  const workbook = makeWorkbook()
  addTinyLab(workbook, {
    checks: `
const spec = { name: 'it answers', step: 0, points: 1, hints: ['One.', 'Two.', 'Three.'] }
check('opens', spec, async ({ visitor }) => expect.expectStatus(await visitor().get('/'), 200))
check('greets', spec, async ({ visitor }) => expect.expectShows(await visitor().get('/'), 'hello'))
check('unsolved', spec, async ({ visitor }) => expect.expectHides(await visitor().get('/'), 'TODO', 'Done.'))
`,
    chapter: `# Lab 42: Tiny\n\n\`\`\`console\n$ curl -s http://localhost:3042/\n${output}\n\`\`\`\n`,
  })
  const starter = workbook.read('solutions/42-tiny/server.ts').replace('hello', 'hello, TODO')
  workbook.write('labs/42-tiny/server.ts', starter)
  workbook.write(
    'checker/dist/mistakes/42-tiny.js',
    `export const mistakes = [{ id: 'says-nothing', says: 'It says nothing.', fails: 'greets', file: 'server.ts', change: [['${from}', 'nothing']] }]`,
  )
  return workbook
}

const verify = (workbook: Workbook, ...args: string[]) => workbook.run('verify', ['42', ...args])

describe('npm run verify', () => {
  test('tells each proof, and ends with 1 when one does not hold', async () => {
    const { status, stdout } = await verify(smallCourse())
    for (const held of [
      'every command in the chapter gives the output shown',
      'the starter starts, and fails',
      'the solution passes',
      'mistake says-nothing fails greets',
    ]) {
      expect(stdout).toMatch(new RegExp(`✓ lab 42: ${held}$`, 'm'))
    }
    expect(stdout).toMatch(/✗ lab 42: chapter, starter, solution, checks and mistakes fit together$/m)
    expect(stdout).toContain('There are 1 mistakes; at least 12 are wanted.')
    expect(stdout).toMatch(/^Verify: 4 passed, 1 failed$/m)
    expect(status).toBe(1)
  })

  test('proves once more what did not hold, and says when it then does', async () => {
    const workbook = smallCourse()
    const checks = 'checker/dist/checks/42-tiny.js'
    workbook.write(
      checks,
      `${workbook.read(checks)}
import { existsSync, writeFileSync } from 'node:fs'
check('wavers', spec, async ({ visitor }) => {
  const reply = await visitor().get('/')
  if (reply.body.includes('TODO') || existsSync('wavered')) return
  writeFileSync('wavered', '')
  expect.expectStatus(reply, 418)
})`,
    )
    const { stdout } = await verify(workbook)
    expect(stdout).toMatch(/^again +✓ lab 42: (the solution passes|mistake says-nothing fails greets)$/m)
    expect(stdout).toContain('1 held only the second time')
    expect(stdout).toMatch(/^Verify: 4 passed, 1 failed$/m)
  })

  test('shows what a chapter says and what really comes', async () => {
    const { stdout } = await verify(smallCourse({ output: 'goodbye' }))
    expect(stdout).toContain('labs/42-tiny/README.md, line 4: $ curl -s http://localhost:3042/')
    expect(stdout).toMatch(/shown:\n +goodbye\n[\s\S]*came:\n +hello/)
  })

  test('--update makes a chapter true', async () => {
    const workbook = smallCourse({ output: 'goodbye' })
    await verify(workbook, '--update')
    expect(workbook.read('labs/42-tiny/README.md')).toContain('localhost:3042/\nhello\n```')
  })

  test('counts a mistake that cannot be made as one that does not hold', async () => {
    const { status, stdout } = await verify(smallCourse({ from: 'not in there' }))
    expect(stdout).toMatch(
      /✗ lab 42: mistake says-nothing fails greets\n +Mistake "says-nothing": this is 0 times/,
    )
    expect(status).toBe(1)
  })

  test('ends with 2 for an unknown lab', async () => {
    const { status, stderr } = await makeWorkbook().run('verify', ['99'])
    expect(stderr).toContain('There is no lab "99"')
    expect(status).toBe(2)
  })
})
