import { describe, expect, test } from 'vitest'
import { addTinyLab, makeWorkbook } from '../testing/workbook.ts'

describe('npm run soak', () => {
  test('judges each submission as often as asked, and tells a verdict that differs with its seed', async () => {
    const workbook = makeWorkbook()
    // A check that hangs on the seed: some draws pass, some do not.
    addTinyLab(workbook, {
      checks: `
const spec = { name: 'it answers', step: 0, points: 1, hints: ['One.', 'Two.', 'Three.'] }
check('wavers', spec, async ({ visitor, draw }) => {
  const reply = await visitor().get('/')
  if (draw.int(0, 1) === 1) expect.expectStatus(reply, 418)
})
`,
    })
    const { status, stdout } = await workbook.run('soak', ['42', '--rounds', '12'])
    expect(stdout).toMatch(/^lab 42: the solution passes: not so with --seed [0-9a-f]{8}$/m)
    expect(stdout).toMatch(/^24 of 24 runs$/m)
    expect(stdout).toMatch(/^Soak: \d+ verdicts as they should be, \d+ different$/m)
    expect(status).toBe(1)
  })
})
