import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { until } from '../testing/processes.ts'
import { makeWorkbook, writeBesideTheCode } from '../testing/workbook.ts'

describe('lab-check --watch', () => {
  test('checks again at every save, survives what does not compile, and ends with Ctrl-C', async () => {
    const workbook = makeWorkbook()
    const watch = workbook.start('lab-check', ['1', '--watch', '--only', 'opens'])
    const runs = () => watch.output().split('I check again when you save.').length - 1
    await watch.prints('I check again when you save.')
    expect(watch.output()).toContain('The checks that ran pass')

    const CART = 'labs/01-cookie-sessions/cart.ts'
    const good = workbook.read(CART)
    /** Saves until it is seen: the watcher may begin a moment after the first verdict. */
    const save = async (text: string, wanted: string) => {
      const before = watch.output().length
      const seen = () => watch.output().slice(before).includes(wanted)
      for (let tries = 0; tries < 20 && !seen(); tries++) {
        workbook.write(CART, `${text}${' '.repeat(tries)}`)
        await until(seen, 'it is seen', 3_000).catch(() => {})
      }
      expect(seen()).toBe(true)
    }
    await save(`${good}\nconst const`, 'Your code does not compile:')
    await save(good, 'The checks that ran pass')
    expect(runs()).toBeGreaterThanOrEqual(3)

    // The last save may have been made more than once; then come files that are no part of the app.
    await pause(1_000)
    const before = runs()
    writeBesideTheCode(workbook, 'labs/01-cookie-sessions')
    await pause(1_000)
    expect(runs()).toBe(before)

    watch.child.kill('SIGINT')
    expect((await watch.ended).status).toBe(130)
    await until(() => workbook.runFolders().length === 0, 'nothing is left', 5_000)
  })
})
