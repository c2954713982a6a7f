import path from 'node:path'
import sqlite3 from 'sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { makeFolder } from '../testing/workbook.ts'
import { DataFolder } from './data-folder.ts'

/** A data folder with an SQLite file, and a connection to it that never waits for a lock. */
async function openData() {
  const folder = makeFolder()
  const database = new sqlite3.Database(path.join(folder, 'likes.sqlite'))
  const execute = (sql: string) =>
    new Promise<void>((resolve, reject) => {
      database.exec(sql, (error) => (error ? reject(error) : resolve()))
    })
  await execute('CREATE TABLE likes (thing TEXT)')
  const data = new DataFolder(folder, path.join(folder, 'copies'))
  const locker = data.locker()
  onTestFinished(() => locker.end())
  return { data, locker, execute, write: () => execute("INSERT INTO likes VALUES ('tea')") }
}

test('who holds the lock keeps others from writing, and not from reading', async () => {
  const { data, locker, write } = await openData()
  await locker.lock('likes.sqlite')
  await expect(write()).rejects.toThrow('SQLITE_BUSY')
  expect(await data.rows('likes.sqlite', 'likes')).toEqual([])
  await locker.unlock()
  await write()
  expect(await data.rows('likes.sqlite', 'likes')).toEqual([{ thing: 'tea' }])
})

test('the next lock replaces the one before, and the end of the process ends it', async () => {
  const { locker, write } = await openData()
  await locker.lock('likes.sqlite')
  await locker.lock('likes.sqlite')
  locker.end()
  await expect
    .poll(() =>
      write().then(
        () => 'written',
        () => 'locked',
      ),
    )
    .toBe('written')
})

test('who keeps the rows of a table keeps others from deleting one, until it is unlocked', async () => {
  const { data, locker, execute, write } = await openData()
  await write()
  await locker.keepRows('likes.sqlite', 'likes')
  await expect(execute('DELETE FROM likes')).rejects.toThrow('stopped by lab-check')
  await write()
  await locker.unlock()
  expect(await data.rows('likes.sqlite', 'likes')).toHaveLength(2)
  await execute('DELETE FROM likes')
  expect(await data.rows('likes.sqlite', 'likes')).toEqual([])
})

test('a file that is not there is missed in words', async () => {
  const { locker } = await openData()
  await expect(locker.lock('none.sqlite')).rejects.toMatchObject({
    parts: { got: 'That file cannot be written: it does not exist.' },
  })
})
