// Test files for lab 7 that attack the one who runs them: they should notice wrong apps, and would rather be told which.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Hostile } from '../src/hostile/hostile.ts'

/** A right solution of lab 7 with these tests in place of its own. Only the checks of tests are run. */
const entry = (id: string, says: string, tests: string, more: Partial<Hostile> = {}): Hostile => ({
  id: `tests-${id}`,
  says,
  lab: 7,
  on: 'solution',
  args: ['--only', 'tests-refuse'],
  prepare: ({ folder }) =>
    writeFileSync(
      path.join(folder, 'reflections.test.ts'),
      `import fs from 'node:fs'\nimport path from 'node:path'\nimport { expect, test, vi } from 'vitest'\nimport { note } from './attack.ts'\nimport { startApp } from './session-helper.ts'\nvoid [fs, path, vi, startApp]\n${tests}`,
    ),
  // The points of the checks that these need, and of accepting right apps; none for noticing wrong ones.
  ends: { atMost: 8 },
  withinSeconds: 100,
  ...more,
})

export const hostile: Hostile[] = [
  entry(
    'know-the-folder',
    'Fail where the path of the test file says that the app is wrong. The names of the folders say nothing.',
    `test('the app is right', () => { note('reached'); expect(String(expect.getState().testPath)).not.toContain('wrong') })`,
  ),
  entry(
    'count',
    'Pass the first three times, when right apps came first, and fail from then on. Right and wrong apps come in an order that is drawn.',
    `test('the app is right', () => {
  note('reached')
  const all = globalThis as { runs?: number }
  all.runs = (all.runs ?? 0) + 1
  expect(all.runs).toBeLessThanOrEqual(3)
})`,
  ),
  entry(
    'exit',
    'End the process that runs them, with 0. That is no verdict.',
    `test('all is well', () => { note('reached'); process.reallyExit(0) })`,
  ),
  entry('loop', 'Never come to an end.', `test('all is well', () => { note('reached'); for (;;); })`),
  entry(
    'patch-expect',
    'Replace the app by one of their own and patch expect, so that everything fails or passes as they like.',
    `vi.mock('./app.js', () => ({ createApp: () => ({}) }))
Object.assign(expect, { extend: () => {}, soft: () => {} })
Error.prototype.toString = () => 'passed'
JSON.stringify = () => '{"file":"x","tests":[],"errors":[]}'
test('all is well', () => { note('reached'); expect(1).toBe(1) })`,
  ),
  entry(
    'report-themselves',
    'Write results into the pipe of the process that reports them, as far as they can name the wrong apps. A process of the same user can write there; that it cannot tell which folder has which app is what keeps this from working.',
    `test('all is well', () => {
  note('reached')
  const folder = path.dirname(String(expect.getState().testPath))
  const lines = fs.readdirSync(path.dirname(folder)).map((name) => JSON.stringify({
    file: name + '/run.test.js', errors: [], tests: [{ name: 'x', state: name.includes('wrong') ? 'failed' : 'passed', message: 'x' }],
  }))
  try { fs.appendFileSync('/proc/' + process.ppid + '/fd/3', lines.join('\\n') + '\\n') } catch (error) { note('failed', String(error)) }
})`,
    { systems: ['linux'] },
  ),
  entry(
    'inspector',
    'Send SIGUSR1 to the process that reports results, so that it opens an inspector.',
    `test('all is well', async () => {
  note('reached')
  process.kill(process.ppid, 'SIGUSR1')
  await new Promise((resolve) => setTimeout(resolve, 300))
  try {
    const [target] = await (await fetch('http://127.0.0.1:9229/json/list')).json()
    if (String(target.title).includes('[' + process.ppid + ']')) note('inspector')
  } catch {}
})`,
    { systems: ['linux'], also: ({ notes }) => (notes.inspector ? ['An inspector has opened.'] : []) },
  ),
]
