import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeFolder, makeWorkbook } from '../testing/workbook.ts'
import { findRedis, howToGetRedis } from './find.ts'

beforeEach(() => vi.stubEnv('REDIS_URL', undefined))
afterEach(() => vi.unstubAllEnvs())

/** A PATH with these programs in it. */
function pathWith(...programs: string[]): string {
  const folder = makeFolder()
  for (const name of programs)
    writeFileSync(path.join(folder, process.platform === 'win32' ? `${name}.exe` : name), '')
  vi.stubEnv('PATH', folder)
  return folder
}

describe('the Redis of this machine', () => {
  test('is the one in REDIS_URL, whatever else is there', () => {
    pathWith('redis-server')
    vi.stubEnv('REDIS_URL', 'rediss://me:secret@example.org:6380/2')
    const found = findRedis()
    expect(found.kind === 'url' && found.url.host).toBe('example.org:6380')
  })

  test.each(['localhost:6379', 'http://localhost', 'redis://', 'nonsense'])(
    'is refused when REDIS_URL is "%s"',
    (url) => {
      vi.stubEnv('REDIS_URL', url)
      expect(() => findRedis()).toThrow('It looks like this: redis://localhost:6379')
    },
  )

  test.each(['redis-server', 'valkey-server'])('is %s, when that is on the PATH', (program) => {
    const folder = pathWith(program)
    expect(findRedis()).toMatchObject({
      kind: 'program',
      program: expect.stringContaining(path.join(folder, program)),
    })
  })

  test('is redis-server, when valkey-server is there as well', () => {
    pathWith('valkey-server', 'redis-server')
    expect(findRedis()).toMatchObject({ program: expect.stringContaining('redis-server') })
  })
})

describe('a machine without any', () => {
  /** As compiled into a copy of the workbook, where the library may leave what it likes. */
  async function getFromLibrary(): Promise<string> {
    const file = makeWorkbook().path('checker', 'dist', 'src', 'redis', 'find.js')
    return (await import(pathToFileURL(file).href)).getFromLibrary()
  }

  test('is told how to get one, and downloads nothing where that is switched off', async () => {
    vi.stubEnv('SESSION_LABS_NO_DOWNLOAD', '1')
    await expect(getFromLibrary()).rejects.toThrow(
      `This lab needs Redis, and this machine has none. Get it with: ${howToGetRedis()}`,
    )
  })

  test('is told as well when the download fails', async () => {
    vi.stubEnv('REDISMS_DOWNLOAD_URL', 'https://127.0.0.1:1/redis.tar.gz')
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']) vi.stubEnv(name, undefined)
    vi.spyOn(console, 'error').mockImplementation(() => {})
    await expect(getFromLibrary()).rejects.toThrow(
      /Get it with: .*\nI could not download and build one: .*ECONNREFUSED/,
    )
  })
})

test('nothing is downloaded at an install', async () => {
  const { redisMemoryServer, allowScripts } = JSON.parse(makeWorkbook().read('package.json'))
  expect(redisMemoryServer.disablePostinstall).toBe(true)
  expect(allowScripts['redis-memory-server']).toBe(false)
})
