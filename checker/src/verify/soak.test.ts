import { describe, expect, test } from 'vitest'
import { addTinyLab, makeWorkbook } from '../testing/workbook.ts'

describe('npm run soak', () => {
  test('judges as often as asked, evenly, and tells a wrong verdict with its seed', async () => {
    const workbook = makeWorkbook()
    // Neither starter nor solution passes this: right for the one, wrong for the other.
    addTinyLab(workbook, {
      checks: `
const spec = { name: 'it answers', step: 0, points: 1, hints: ['One.', 'Two.', 'Three.'] }
check('opens', spec, async ({ visitor }) => expect.expectStatus(await visitor().get('/'), 200))
check('is-a-teapot', spec, async ({ visitor }) => expect.expectStatus(await visitor().get('/'), 418))
`,
    })
    const { status, stdout } = await workbook.run('soak', ['42', '--runs', '4'])
    expect(stdout).toMatch(/^lab 42: the solution passes: not so with --seed [0-9a-f]{8}$/m)
    expect(stdout).toMatch(/^4 of 4 runs$/m)
    expect(stdout).toMatch(/^Soak: 2 verdicts as they should be, 2 different$/m)
    expect(status).toBe(1)
  })
})
