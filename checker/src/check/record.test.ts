import { describe, expect, test } from 'vitest'
import { record, result } from '../testing/samples.ts'
import { exitStatus, totals } from './record.ts'

const pass = record()
const fail = record({ status: 'fail' })
const error = record({ status: 'error' })
const blocked = record({ status: 'blocked' })
const advice = record({ status: 'fail', maxPoints: 0 })

describe('the exit status', () => {
  test('is 0 when every check passes, whatever the advice says', () => {
    expect(exitStatus([result([pass, pass])])).toBe(0)
    expect(exitStatus([result([pass, advice])])).toBe(0)
  })

  test('is 1 when a check fails or could not run', () => {
    expect(exitStatus([result([pass, fail])])).toBe(1)
    expect(exitStatus([result([pass]), result([blocked])])).toBe(1)
  })

  test('is 3 when the checker broke, even if something else fails as well', () => {
    expect(exitStatus([result([fail, error])])).toBe(3)
  })

  test('is 3 when there is no record or no result: nothing is never a pass', () => {
    expect(exitStatus([result([])])).toBe(3)
    expect(exitStatus([result([pass]), result([])])).toBe(3)
    expect(exitStatus([])).toBe(3)
  })
})

test('the totals add up what was reached and what could be', () => {
  expect(totals([record({ maxPoints: 3 }), record({ status: 'fail', maxPoints: 2 }), advice])).toEqual({
    points: 3,
    maxPoints: 5,
  })
})
