import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder, makeWorkbook } from '../testing/workbook.ts'

test('lab-check doctor has a line for each thing that the labs need, and 3 only where one is missing', async () => {
  const { status, stdout } = await makeWorkbook().run('lab-check', ['doctor'])
  for (const what of ['Node', 'SQLite', 'Redis', 'Browser', 'curl', 'Ports'])
    expect(stdout).toMatch(new RegExp(`^  [✓✗!] ${what} +\\S`, 'm'))
  expect(stdout).toContain(process.versions.node)
  expect(status).toBe(stdout.includes('✗') ? 3 : 0)
})

test('lab-check doctor says what mends it when a program is not found, and blames nobody for that', async () => {
  const env = { PATH: makeFolder(), Path: undefined, REDIS_URL: undefined }
  const workbook = makeWorkbook()
  workbook.write('labs/05-shared/README.md', '---\nredis: true\n---\n# Shared\n')
  const { status, stdout } = await workbook.run('lab-check', ['doctor'], { env })
  expect(stdout).toMatch(
    /! Redis +not found; needed by lab 5; as a last resort it would be downloaded and built\n +\S/,
  )
  expect(stdout).toMatch(/! curl +not found; the chapters use it\n +\S/)
  expect(status).toBe(stdout.includes('✗') ? 3 : 0)
})

test('lab-check doctor does not speak of a download where that is switched off', async () => {
  const env = { PATH: makeFolder(), Path: undefined, REDIS_URL: undefined, SESSION_LABS_NO_DOWNLOAD: '1' }
  const { stdout } = await makeWorkbook().run('lab-check', ['doctor'], { env })
  expect(stdout).toMatch(/! Redis +not found; no lab needs it\n +\S/)
})

test('lab-check doctor refuses a REDIS_URL that is none', async () => {
  const { status, stdout } = await makeWorkbook().run('lab-check', ['doctor'], {
    env: { REDIS_URL: 'localhost:6379' },
  })
  expect(stdout).toMatch(/✗ Redis +REDIS_URL is not the address of a Redis/)
  expect(status).toBe(3)
})

test('lab-check doctor takes a Redis from REDIS_URL', async () => {
  const env = { PATH: makeFolder(), Path: undefined, REDIS_URL: 'redis://localhost:6379' }
  const { stdout } = await makeWorkbook().run('lab-check', ['doctor'], { env })
  expect(stdout).toMatch(/✓ Redis +REDIS_URL is set/)
})

test('lab-check doctor ends with 3, and says what mends it, when SQLite does not load', async () => {
  const workbook = makeWorkbook()
  const { rmSync } = await import('node:fs')
  rmSync(workbook.path('node_modules', 'sqlite3'), { recursive: true })
  const { status, stdout } = await workbook.run('lab-check', ['doctor'])
  expect(stdout).toMatch(/✗ SQLite +does not load: .+\n +npm rebuild sqlite3/)
  expect(status).toBe(3)
})

test('lab-check doctor names a lab’s port that is taken', async () => {
  // A lab with the number that makes its port the one that we hold.
  const holder = net.createServer()
  const port = await new Promise<number>((resolve, reject) => {
    const next = (candidate: number) => {
      if (candidate > 3099) return reject(new Error('Ports 3050 to 3099 are all taken.'))
      holder.removeAllListeners()
      holder.once('error', () => next(candidate + 1))
      holder.listen(candidate, '127.0.0.1', () => resolve((holder.address() as AddressInfo).port))
    }
    next(3050)
  })
  onTestFinished(() => void holder.close())
  const workbook = makeWorkbook()
  workbook.write(`labs/${port - 3000}-held/README.md`, '# Held\n')
  const { stdout } = await workbook.run('lab-check', ['doctor'])
  expect(stdout).toMatch(
    new RegExp(`! Ports .*\\b${port}\\b.* taken: "npm run lab" will use the next free one`),
  )
})
