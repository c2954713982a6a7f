import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRun } from '../app/run-folder.ts'
import { startTests } from './test-run.ts'

/** Runs these test files, each in a folder of its own. */
function start(files: Record<string, string>, limits?: Parameters<typeof startTests>[2]) {
  const run = openRun()
  onTestFinished(() => run.close())
  const folder = run.folder('tests')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, name))
    writeFileSync(path.join(folder, name, 'run.test.js'), `import { expect, test } from 'vitest'\n${text}`)
  }
  const tests = startTests(run, folder, limits)
  return { run, folder, outcome: (name: string) => tests.outcome(path.join(name, 'run.test.js')) }
}

const RIGHT = "test('is right', () => {})"

describe('test files of a student', () => {
  test('are judged one by one, and a broken one is no trouble for the others', async () => {
    const { outcome } = start({
      a: RIGHT,
      b: "test('is wrong', () => expect(1).toBe(2))\ntest('comes later', () => { throw new Error() })",
      c: 'throw new Error("no test here")',
      d: "test.skip('is skipped', () => {})",
      e: 'process.exit(0)',
      f: RIGHT,
    })
    expect(await outcome('a')).toEqual({ state: 'passed', tests: 1 })
    expect(await outcome('b')).toEqual({
      state: 'failed',
      failures: [{ test: 'is wrong', message: 'expected 1 to be 2' }],
    })
    expect(await outcome('c')).toEqual({ state: 'broken', because: 'no test here' })
    expect(await outcome('d')).toEqual({ state: 'broken', because: 'no test ran' })
    expect(await outcome('e')).toMatchObject({ state: 'broken' })
    expect(await outcome('f')).toEqual({ state: 'passed', tests: 1 })
  })

  test('leave their clock and their spies behind', async () => {
    const { outcome } = start({
      a: "import { vi } from 'vitest'\ntest('x', () => { vi.useFakeTimers({ now: 0 }); vi.stubGlobal('fetch', 7) })",
      b: "test('x', () => { expect(Date.now()).toBeGreaterThan(9e11); expect(fetch).not.toBe(7) })",
    })
    expect(await outcome('b')).toMatchObject({ state: 'passed' })
  })

  test('that wait for ever fail at the time that a test has', async () => {
    const { outcome } = start({ a: "test('waits', () => new Promise(() => {}))" })
    expect(await outcome('a')).toMatchObject({
      state: 'failed',
      failures: [{ test: 'waits', message: expect.stringContaining('timed out') }],
    })
  })

  test('that loop for ever are ended', async () => {
    const { outcome } = start({ a: "test('loops', () => { for (;;); })" }, { fileMs: 4000, allMs: 9000 })
    expect(await outcome('a')).toMatchObject({ state: 'broken', because: expect.stringContaining('loop') })
  })

  test('that print for ever are ended', async () => {
    const { outcome } = start({ a: "test('prints', () => { for (;;) console.log('x'.repeat(500)) })" })
    expect(await outcome('a')).toEqual({ state: 'broken', because: 'they printed more than a megabyte' })
  })

  test('that end their process come to no verdict', async () => {
    const { outcome } = start({ a: "process.kill(process.pid, 'SIGKILL')" })
    expect(await outcome('a')).toMatchObject({ state: 'broken' })
  })

  test('write where everything is removed with the run', async () => {
    const { run, folder, outcome } = start({
      a: "import fs from 'node:fs'\ntest('x', () => fs.writeFileSync('left.txt', 'x'))",
    })
    await outcome('a')
    expect(readdirSync(folder)).toContain('left.txt')
    await run.close()
    expect(existsSync(folder)).toBe(false)
  })

  test('see nothing of the environment', async () => {
    const { outcome } = start({
      a: "test('x', () => expect(process.env.npm_lifecycle_event).toBe(undefined))",
    })
    expect(await outcome('a')).toMatchObject({ state: 'passed' })
  })
})
