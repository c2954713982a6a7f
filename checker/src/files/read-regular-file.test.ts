import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeFolder } from '../testing/workbook.ts'
import { readRegularFile } from './read-regular-file.ts'

describe('readRegularFile', () => {
  test('reads a file, as long as it is not too large', () => {
    const file = path.join(makeFolder({ tea: 'green' }), 'tea')
    expect(readRegularFile(file, { maxBytes: 5 }).toString()).toBe('green')
    expect(() => readRegularFile(file, { maxBytes: 4 })).toThrow('it is larger than 4 bytes')
  })

  test.skipIf(process.platform === 'win32')(
    'refuses a pipe without waiting for its other end, a folder and a device',
    () => {
      const folder = makeFolder()
      execFileSync('mkfifo', [path.join(folder, 'pipe')])
      mkdirSync(path.join(folder, 'folder'))
      for (const file of [path.join(folder, 'pipe'), path.join(folder, 'folder'), '/dev/zero']) {
        expect(() => readRegularFile(file, { maxBytes: 100 })).toThrow('it is not a regular file')
      }
    },
  )

  test.skipIf(process.platform === 'win32')('follows a link only when it is told to', () => {
    const folder = makeFolder({ tea: 'green' })
    const link = path.join(folder, 'link')
    symlinkSync(path.join(folder, 'tea'), link)
    expect(() => readRegularFile(link, { maxBytes: 100 })).toThrow('ELOOP')
    expect(readRegularFile(link, { maxBytes: 100, followLinks: true }).toString()).toBe('green')
  })
})
