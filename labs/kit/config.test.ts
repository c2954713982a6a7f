import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { dataDir, host, port, seconds, sessionSecrets, wholeNumber } from './config.ts'

afterEach(() => vi.unstubAllEnvs())

describe('port', () => {
  test('is PORT, or the lab’s own when that is not set or empty', () => {
    vi.stubEnv('PORT', '8080')
    expect(port(3001)).toBe(8080)
    vi.stubEnv('PORT', '')
    expect(port(3001)).toBe(3001)
    vi.stubEnv('PORT', undefined)
    expect(port(3001)).toBe(3001)
  })

  test.each(['abc', '70000', '-1', '80.5', '3001x'])('refuses "%s", and says what is right', (given) => {
    vi.stubEnv('PORT', given)
    expect(() => port(3001)).toThrow(`PORT is "${given}", which is not a whole number from 0 to 65535.`)
  })
})

test.each([
  [undefined, '127.0.0.1'],
  ['', '127.0.0.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['127.0.0.2', '127.0.0.2'],
  ['x86_64-conda-linux-gnu', '127.0.0.1'],
])('host for HOST=%s is %s', (given, expected) => {
  vi.stubEnv('HOST', given)
  expect(host()).toBe(expected)
})

describe('seconds', () => {
  test('is the variable that is named, or the fallback', () => {
    vi.stubEnv('IDLE_SECONDS', '2')
    expect(seconds('IDLE_SECONDS', 1800)).toBe(2)
    expect(seconds('OTHER_SECONDS', 1800)).toBe(1800)
  })

  test('refuses what is not a whole number, by the name of the variable', () => {
    vi.stubEnv('IDLE_SECONDS', '30m')
    expect(() => seconds('IDLE_SECONDS', 1800)).toThrow('IDLE_SECONDS is "30m"')
  })
})

test('wholeNumber refuses more than the most', () => {
  vi.stubEnv('TRUSTED_PROXIES', '11')
  expect(() => wholeNumber('TRUSTED_PROXIES', 0, 10)).toThrow(
    'TRUSTED_PROXIES is "11", which is not a whole number from 0 to 10.',
  )
})

test('dataDir is DATA_DIR, made if it is missing', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kit-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vi.stubEnv('DATA_DIR', path.join(folder, 'deep', 'data'))
  expect(dataDir()).toBe(path.join(folder, 'deep', 'data'))
  expect(existsSync(path.join(folder, 'deep', 'data'))).toBe(true)
})

describe('sessionSecrets', () => {
  const [long, longer] = ['n'.repeat(32), 'o'.repeat(40)]

  test('are those in SESSION_SECRET, newest first', () => {
    vi.stubEnv('SESSION_SECRET', 'new,old,,older')
    expect(sessionSecrets()).toEqual(['new', 'old', 'older'])
  })

  test('stand in for themselves outside production, so that a lab starts without set-up', () => {
    vi.stubEnv('NODE_ENV', 'development')
    vi.stubEnv('SESSION_SECRET', undefined)
    expect(sessionSecrets()).toEqual(['development-secret-that-everybody-knows'])
  })

  test('have to be set in production, and the error says how', () => {
    vi.stubEnv('NODE_ENV', 'production')
    for (const nothing of [undefined, '', ',']) {
      vi.stubEnv('SESSION_SECRET', nothing)
      expect(() => sessionSecrets()).toThrow(
        /SESSION_SECRET is not set, and production needs one\. Make one with: node -p /,
      )
    }
  })

  test('need 32 characters in production, each of them', () => {
    vi.stubEnv('NODE_ENV', 'production')
    vi.stubEnv('SESSION_SECRET', `${long},${longer}`)
    expect(sessionSecrets()).toEqual([long, longer])
    for (const short of ['n'.repeat(31), `${long},short`]) {
      vi.stubEnv('SESSION_SECRET', short)
      expect(() => sessionSecrets()).toThrow(/production needs 32\. Make one with: node -p /)
    }
  })

  test('never stand in an error message', () => {
    vi.stubEnv('NODE_ENV', 'production')
    vi.stubEnv('SESSION_SECRET', 'hunter2')
    let message = ''
    try {
      sessionSecrets()
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toContain('a secret of 7 characters')
    expect(message).not.toContain('hunter2')
  })
})
