import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeWorkbook, type Workbook } from '../testing/workbook.ts'

const LAB = 'labs/01-cookie-sessions'

describe('lab-check reset', () => {
  let workbook: Workbook
  beforeEach(async () => {
    workbook = makeWorkbook()
    // The last step of an install keeps the starters.
    await workbook.run('prepare', [])
  })
  const reset = () => workbook.run('lab-check', ['reset', '1'])

  test('brings the starter back, and keeps the student’s work aside', async () => {
    const starter = workbook.read(LAB, 'cart.ts')
    workbook.write(`${LAB}/cart.ts`, 'my own work')
    rmSync(workbook.path(LAB, 'pages.ts'))
    const { status, stdout } = await reset()
    expect(status).toBe(0)
    expect(workbook.read(LAB, 'cart.ts')).toBe(starter)
    expect(existsSync(workbook.path(LAB, 'pages.ts'))).toBe(true)
    const [said, kept = ''] =
      /^Your work is kept in (\.session-labs\/kept\/01-cookie-sessions-\S+)\. .*$/m.exec(stdout) ?? []
    expect(said?.slice(said.indexOf('. ') + 2)).toBe(
      'To have it back, copy its files over those in labs/01-cookie-sessions.',
    )
    expect(workbook.read(kept, 'cart.ts')).toBe('my own work')
    expect(stdout).toContain('Back to the starter: cart.ts, pages.ts')
    // What it says brings the work back.
    cpSync(workbook.path(kept), workbook.path(LAB), { recursive: true })
    expect(workbook.read(LAB, 'cart.ts')).toBe('my own work')
  })

  test('forgets the points and the hints: the lab begins anew', async () => {
    const other = workbook.path('.session-labs', '02-signed-cookies.json')
    writeFileSync(other, '{}')
    workbook.write(`${LAB}/helpers.ts`, 'export const mine = 1\n')
    workbook.write(`${LAB}/cart.ts`, `${workbook.read(LAB, 'cart.ts')}\n// my own work\n`)
    expect((await workbook.run('lab-check', ['1', '--hint'])).stdout).toContain('Hint 1 of 3: ')
    expect((await workbook.run('lab-check', [])).stdout).not.toContain('not checked yet')
    await reset()
    expect(existsSync(workbook.path('.session-labs', '01-cookie-sessions.json'))).toBe(false)
    expect((await workbook.run('lab-check', [])).stdout).toContain('not checked yet')
    expect((await workbook.run('lab-check', ['1'])).stdout).not.toContain('Hint 1 of 3: ')
    expect(existsSync(other)).toBe(true)
  })

  test('leaves files of the student’s own where they are', async () => {
    workbook.write(`${LAB}/cart.ts`, 'my own work')
    workbook.write(`${LAB}/helpers.ts`, 'my own file')
    await reset()
    expect(workbook.read(LAB, 'helpers.ts')).toBe('my own file')
  })

  test('keeps every version, also when they come within a second', async () => {
    for (const text of ['first', 'second', 'third']) {
      workbook.write(`${LAB}/cart.ts`, text)
      await reset()
    }
    const kept = readdirSync(workbook.path('.session-labs', 'kept'))
    expect(kept.map((name) => workbook.read('.session-labs', 'kept', name, 'cart.ts')).sort()).toEqual([
      'first',
      'second',
      'third',
    ])
  })

  test('says so when there is nothing to reset, and keeps nothing', async () => {
    const { status, stdout } = await reset()
    expect(stdout).toBe('Lab 1 is as it came: there is nothing to reset.\n')
    expect(status).toBe(0)
    expect(existsSync(workbook.path('.session-labs', 'kept'))).toBe(false)
  })

  test('still has the starter as it came when the workbook is installed again later', async () => {
    const starter = workbook.read(LAB, 'cart.ts')
    workbook.write(`${LAB}/cart.ts`, 'my own work')
    await workbook.run('prepare', [])
    await reset()
    expect(workbook.read(LAB, 'cart.ts')).toBe(starter)
  })

  test('changes nothing and ends with 3 when the starter was never kept, and says what helps', async () => {
    rmSync(workbook.path('.session-labs'), { recursive: true })
    workbook.write(`${LAB}/cart.ts`, 'my own work')
    const { status, stderr } = await reset()
    expect(stderr).toContain('With git: git checkout -- labs/01-cookie-sessions')
    expect(status).toBe(3)
    expect(workbook.read(LAB, 'cart.ts')).toBe('my own work')
  })
})
