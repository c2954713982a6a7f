import { describe, expect, test } from 'vitest'
import { RequestReader } from './requests.ts'

/** A request as clients send it. */
const encode = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** The words of all requests in these chunks. */
function wordsIn(...chunks: (string | Buffer)[]): string[][] {
  const reader = new RequestReader()
  return chunks.flatMap((chunk) => reader.read(Buffer.from(chunk)).map((request) => request.words))
}

describe('the reader of requests', () => {
  test('reads several in one chunk, and says where each ends', () => {
    const [one, two] = [encode('SET', 'tea', 'green'), encode('GET', 'tea')]
    expect(new RequestReader().read(Buffer.from(one + two))).toEqual([
      { words: ['SET', 'tea', 'green'], count: 3, end: one.length },
      { words: ['GET', 'tea'], count: 2, end: one.length + two.length },
    ])
  })

  test('reads one that comes in pieces, wherever it is cut', () => {
    const bytes = Buffer.from(encode('SET', 'clé', '', '*2\r\n$3\r\n') + encode('PING'))
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(wordsIn(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual([
        ['SET', 'clé', '', '*2\r\n$3\r\n'],
        ['PING'],
      ])
    }
    expect(wordsIn(...[...bytes].map((byte) => Buffer.from([byte])))).toHaveLength(2)
  })

  test('reads a line as somebody types it, and passes over empty ones', () => {
    expect(wordsIn('PING\r\n\r\nSET tea  green\n*0\r\nGET tea\r\n')).toEqual([
      ['PING'],
      ['SET', 'tea', 'green'],
      ['GET', 'tea'],
    ])
  })

  test('keeps no more than the beginning of what is long', () => {
    const [request] = new RequestReader().read(
      Buffer.from(encode('MSET', ...Array.from({ length: 3_000 }, () => 'x'), 'y'.repeat(100_000))),
    )
    expect(request).toMatchObject({ count: 3_002 })
    expect(request?.words).toHaveLength(1_000)
    expect(wordsIn(encode('SET', 'tea', 'y'.repeat(100_000)), encode('PING'))).toEqual([
      ['SET', 'tea', 'y'.repeat(4_096)],
      ['PING'],
    ])
  })

  test.each(['*1\r\nPING\r\n', '*x\r\n', '*-1\r\n', '*1\r\n$-1\r\n', '*1\r\n$\r\n', 'x'.repeat(70_000)])(
    'refuses what is no request: %.20s',
    (text) => expect(() => wordsIn(text)).toThrow(),
  )
})
