import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../testing/workbook.ts'
import { bundleTests } from './bundle.ts'

function bundle(tests: string, files: Record<string, string> = {}): Promise<string> {
  const folder = makeFolder({
    'run.test.ts': tests,
    'session-helper.ts': "import { openApp } from './app.ts'\nexport const help = () => openApp('helped')\n",
    ...files,
  })
  const entry = path.join(folder, 'run.test.ts')
  return bundleTests({ entry, helper: path.join(folder, 'session-helper.ts'), ofTheApp: ['tokens.ts'] })
}

describe('a bundled test file', () => {
  test('takes its app from beside it, and has the helper in it', async () => {
    const text = await bundle(
      "import { test } from 'vitest'\nimport { help } from './session-helper.ts'\ntest('x', help)",
    )
    expect(text).toContain('from "./app.js"')
    expect(text).toContain('from "vitest"')
    expect(text).toContain('helped')
    expect(text).not.toContain('session-helper.ts"')
  })

  test('can have files of its own, and modules of Node', async () => {
    const tests = "import { ok } from 'node:assert'\nimport { one } from './numbers.ts'\nok(one)"
    expect(await bundle(tests, { 'numbers.ts': "export const one = 'number one'" })).toContain('number one')
  })

  test('may import types from anywhere', async () => {
    expect(
      await bundle("import type { Token } from './tokens.ts'\nconst one: Token = 1\nconsole.log(one)"),
    ).toContain('console.log')
  })

  test.each(['./tokens.ts', 'express', '#kit/app.ts'])(
    'may not import %s, which not every app has',
    async (name) => {
      await expect(bundle(`import * as one from '${name}'\nconsole.log(one)`)).rejects.toThrow(
        `run.test.ts imports "${name}".`,
      )
    },
  )

  test('that does not compile is told with its line', async () => {
    const trouble = await bundle('\nconst = 1').catch((error) => error.trouble)
    expect(trouble.detail[0]).toMatch(/run\.test\.ts, line 2$/)
  })
})
