import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sqlite3 from 'sqlite3'
import { describe, expect, test } from 'vitest'
import { CheckFailure } from '../check/failure.ts'
import { makeFolder } from '../testing/workbook.ts'
import { DataFolder, rowLines, rowText } from './data-folder.ts'

/** A data folder with `likes.sqlite`, made by these statements. */
async function makeData(...statements: string[]): Promise<{ folder: string; data: DataFolder }> {
  const folder = makeFolder()
  await execute(path.join(folder, 'likes.sqlite'), [
    'CREATE TABLE likes (thing TEXT, key TEXT)',
    ...statements,
  ])
  return { folder, data: new DataFolder(folder, path.join(makeFolder(), 'copies')) }
}

function execute(file: string, statements: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file)
    database.exec(statements.join(';'), (error) => {
      database.close(() => (error ? reject(error) : resolve()))
    })
  })
}

async function failureOf(reading: Promise<unknown>): Promise<CheckFailure> {
  const error = await reading.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(CheckFailure)
  return error
}

describe('the rows of a student’s table', () => {
  test('are read in the order in which they were stored', async () => {
    const { data } = await makeData("INSERT INTO likes VALUES ('tea', 'k1'), ('cake', 'k1')")
    expect(await data.rows('likes.sqlite', 'likes')).toEqual([
      { thing: 'tea', key: 'k1' },
      { thing: 'cake', key: 'k1' },
    ])
  })

  test('are read while they are still in the log of an app that keeps the file open', async () => {
    const { folder, data } = await makeData()
    const database = new sqlite3.Database(path.join(folder, 'likes.sqlite'))
    await new Promise((resolve) =>
      database.exec("PRAGMA journal_mode = WAL; INSERT INTO likes VALUES ('tea', 'k1')", resolve),
    )
    expect(await data.rows('likes.sqlite', 'likes')).toEqual([{ thing: 'tea', key: 'k1' }])
    await new Promise((resolve) => database.close(resolve))
  })

  test('are read from a copy: the student’s file stays as it is', async () => {
    const { folder, data } = await makeData("INSERT INTO likes VALUES ('tea', 'k1')")
    const before = statSync(path.join(folder, 'likes.sqlite'))
    await data.rows('likes.sqlite', 'likes')
    expect(statSync(path.join(folder, 'likes.sqlite')).mtimeMs).toBe(before.mtimeMs)
  })

  test('are missed in words when the table is not there', async () => {
    const { data } = await makeData()
    const { parts } = await failureOf(data.rows('likes.sqlite', 'sessions'))
    expect(parts.expected).toBe('likes.sqlite should have a table "sessions".')
    expect(parts.got).toBe('It has only "likes".')
  })

  test('are missed in words when the file is not there; what is there is named', async () => {
    const { data } = await makeData()
    const { parts } = await failureOf(data.rows('other.sqlite', 'likes'))
    expect(parts.got).toContain('it does not exist')
    expect(parts.detail).toEqual(['In DATA_DIR there is: likes.sqlite.'])
  })
})

describe('the schema of a student’s table', () => {
  test('is its columns with their types, and where no two rows can be alike', async () => {
    const { data } = await makeData(
      'CREATE TABLE sessions (key TEXT PRIMARY KEY, expires, UNIQUE (expires, key))',
      'CREATE UNIQUE INDEX some ON likes (thing) WHERE key = 1',
    )
    const { sessions, likes } = await data.schema('likes.sqlite', 'sessions', 'likes')
    expect(sessions.columns).toEqual([
      { name: 'key', type: 'TEXT' },
      { name: 'expires', type: '' },
    ])
    expect(sessions.unique.sort()).toEqual([['expires', 'key'], ['key']])
    expect(likes.unique).toEqual([])
  })
})

describe('a file that would hurt its reader', () => {
  test('is refused when it is no database', async () => {
    const { folder, data } = await makeData()
    writeFileSync(path.join(folder, 'likes.sqlite'), 'x'.repeat(5000))
    expect((await failureOf(data.rows('likes.sqlite', 'likes'))).parts.got).toContain('not a database')
  })

  test.runIf(process.platform !== 'win32')('is refused when it is a pipe, a link or a folder', async () => {
    const { folder, data } = await makeData()
    execFileSync('mkfifo', [path.join(folder, 'pipe.sqlite')])
    symlinkSync('/etc/passwd', path.join(folder, 'link.sqlite'))
    mkdirSync(path.join(folder, 'folder.sqlite'))
    for (const file of ['pipe.sqlite', 'link.sqlite', 'folder.sqlite']) {
      expect((await failureOf(data.rows(file, 'likes'))).parts.got).toContain('not a regular file')
    }
  })

  test('does no harm with a view without end, as views are not read', async () => {
    const { data } = await makeData(
      'CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    )
    expect(await data.rows('likes.sqlite', 'likes')).toEqual([])
  })

  test('is given up when a row is larger than all that is read, and other files can be read still', async () => {
    const { folder, data } = await makeData()
    copyFileSync(path.join(folder, 'likes.sqlite'), path.join(folder, 'small.sqlite'))
    await execute(path.join(folder, 'likes.sqlite'), [
      "INSERT INTO likes VALUES (hex(zeroblob(9000000)), 'k1')",
    ])
    const [large, small] = await Promise.all([
      failureOf(data.rows('likes.sqlite', 'likes')),
      data.rows('small.sqlite', 'likes'),
    ])
    expect(large.parts.got).toContain('too much in it')
    expect(small).toEqual([])
  })
})

describe('text in the files', () => {
  test('is found wherever it stands, in any file', async () => {
    const { folder, data } = await makeData("INSERT INTO likes VALUES ('a secret', 'k1')")
    writeFileSync(path.join(folder, 'app.log'), 'nothing')
    expect(data.filesWith('a secret')).toEqual(['likes.sqlite'])
    expect(data.filesWith('another secret')).toEqual([])
  })
})

describe('rows for people', () => {
  test('are a line each, with long values cut, as these may be keys', () => {
    expect(rowText({ key: '3f2a91c4-8f0e-4d6a-9f1c-111111111111', expires: 7 })).toBe(
      'key=3f2a91c4…  expires=7',
    )
    expect(rowLines('sessions', [])).toEqual(['sessions: (none)'])
    expect(rowLines('sessions', [{ expires: 7 }])).toEqual(['sessions:', '  expires=7'])
  })
})
