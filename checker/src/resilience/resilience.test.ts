import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { findRedis } from '../redis/find.ts'
import { measureBehindHaproxy } from './behind-haproxy.ts'
import { measureOutage } from './redis-outage.ts'

const hasRedis = findRedis().kind !== 'library'

function hasHaproxy(): boolean {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' })
    // macOS has no second loopback address.
    return process.platform === 'linux'
  } catch {
    return false
  }
}

describe.skipIf(!hasRedis)('lab 5’s solution', () => {
  test('answers 503 while Redis is dead, sets no cookie, and has the value again', async () => {
    const figures = await measureOutage('stop', 1_500)
    expect(figures).toMatchObject({ others: 0, cookies: 0 })
    expect(figures.refused).toBeGreaterThan(0)
  })

  test.skipIf(!hasHaproxy())(
    'keeps the value behind the lab’s own HAProxy configuration while an instance dies and comes back',
    async () => {
      const figures = await measureBehindHaproxy(200)
      expect(figures.lost).toBe(0)
      // Those that were on their way when the instance died, and on a busy machine some more.
      expect(figures.failed).toBeLessThan(100)
    },
  )
})
