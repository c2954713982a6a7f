import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { makeWorkbook } from '../testing/workbook.ts'

describe('lab-check diff', () => {
  test('keeps the solution back before all checks pass, and says how to see it all the same', async () => {
    const workbook = makeWorkbook()
    const { status, stdout, stderr } = await workbook.run('lab-check', ['diff', '1'])
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('shows when all checks pass: npx lab-check 1')
    expect(stderr).toContain('npx lab-check diff 1 --spoil')
  })

  test('shows it before that with --spoil: what changes from the student’s work to the solution', async () => {
    const workbook = makeWorkbook()
    const { status, stdout } = await workbook.run('lab-check', ['diff', '1', '--spoil'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^--- yours {5}cookies\.ts$/m)
    expect(stdout).toMatch(/^\+\+\+ solution {2}cookies\.ts$/m)
    expect(stdout).toMatch(/^- {2}\/\/ TODO\(1\): /m)
    expect(stdout).toMatch(/^\+export const COOKIE_ATTRIBUTES: CookieOptions = \{ .*httpOnly: true/m)
    // Given files are the same, so there is nothing to show.
    expect(stdout).not.toContain('server.ts')
  })

  test('says that there is no solution where it was kept back, of one lab or of all', async () => {
    const workbook = makeWorkbook()
    for (const folder of ['solutions/01-cookie-sessions', 'solutions']) {
      rmSync(workbook.path(folder), { recursive: true })
      const { status, stdout, stderr } = await workbook.run('lab-check', ['diff', '1', '--spoil'])
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toBe(
        'There is no folder solutions/01-cookie-sessions: this copy of the project does not have the solution of lab 1.\n',
      )
    }
  })

  test('shows it after a pass, with files that only one of the two has', async () => {
    const workbook = makeWorkbook()
    workbook.solve()
    expect((await workbook.run('lab-check', ['1'])).status).toBe(0)
    const same = await workbook.run('lab-check', ['diff', '1'])
    expect(same.stdout).toBe('Your work and the solution are the same.\n')

    workbook.write('labs/01-cookie-sessions/helpers.ts', 'export const mine = 1\n')
    const { status, stdout } = await workbook.run('lab-check', ['diff', '1'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^--- yours {5}helpers\.ts$/m)
    expect(stdout).toMatch(/^-export const mine = 1$/m)
  })
})
