import { describe, expect, test } from 'vitest'
import { refusal, writtenKeys } from './commands.ts'

describe('the keys that a request writes', () => {
  test.each([
    ['SET tea green EX 60', ['tea']],
    ['set tea green', ['tea']],
    ['EXPIRE tea 60', ['tea']],
    ['HSET tea colour green', ['tea']],
    ['DEL one two three', ['one', 'two', 'three']],
    ['MSET one 1 two 2', ['one', 'two']],
    ['RENAME one two', ['one', 'two']],
    ['EVAL script 2 one two three', ['one', 'two']],
    ['GET tea', []],
    ['KEYS *', []],
    ['', []],
  ])('%s', (request, keys) => expect(writtenKeys(request.split(' '))).toEqual(keys))
})

describe('what reaches a borrowed Redis', () => {
  const refused = (text: string) => {
    const words = text.split(' ')
    return refusal(words, words.length, { prefix: 'ours:', database: '3' })
  }

  test.each([
    'HELLO 3 AUTH default secret',
    'CLIENT SETINFO LIB-NAME node-redis',
    'SELECT 3',
    'INFO',
    'SET ours:tea green EX 60',
    'DEL ours:one ours:two',
    'GET theirs',
    'SCAN 0 MATCH ours:*',
    'MULTI',
    'EVAL return 1 ours:tea',
  ])('%s does', (text) => expect(refused(text)).toBeUndefined())

  test.each([
    'FLUSHALL',
    'flushdb ASYNC',
    'SWAPDB 0 1',
    'SELECT 0',
    'CONFIG SET save',
    'SHUTDOWN NOSAVE',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'DEBUG SLEEP 10',
    'CLIENT KILL TYPE normal',
    'CLIENT PAUSE 10000',
    'REPLICAOF localhost 6379',
    'MIGRATE host 6379 key 0 5000',
    'SORT ours:list STORE theirs',
    'SET theirs green',
    'DEL ours:one theirs',
    'RENAME ours:one theirs',
    'EVAL redis.call("flushall") 0',
    'EVAL while 0',
    'EVAL loadstring(x) 0',
    'EVAL x 1 theirs',
    'A-COMMAND-OF-TOMORROW ours:tea',
  ])('%s does not', (text) => expect(refused(text)).toContain(text.split(' ')[0]?.toUpperCase()))

  test('a request with more keys than were read does not', () => {
    expect(refusal(['DEL', 'ours:one'], 2_000, { prefix: 'ours:', database: '0' })).toContain('DEL')
  })
})
