import { describe, expect, test } from 'vitest'
import { type Key, keyHandler, keyList } from './keyboard.ts'

const quick: Key = { letter: 'q', does: 'be quick', press: async () => ['quick'] }
const slow: Key = {
  letter: 's',
  does: 'be slow',
  press: async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return ['slow', 'indeed']
  },
}
const broken: Key = { letter: 'x', does: 'break', press: () => Promise.reject(new Error('no Redis')) }

/** What is said when this is typed. */
async function typed(...texts: string[]): Promise<string[]> {
  const said: string[] = []
  const handle = keyHandler([quick, slow, broken], (line) => said.push(line))
  await Promise.all(texts.map(handle))
  return said
}

describe('a key', () => {
  test('does its work and says what happened, also as a capital', async () => {
    expect(await typed('q', 'Q')).toEqual(['quick', 'quick'])
  })

  test('waits for the one before it', async () => {
    expect(await typed('sq', 'q')).toEqual(['slow', 'indeed', 'quick', 'quick'])
  })

  test('that fails says why, and the next one works', async () => {
    expect(await typed('xq')).toEqual(['That did not work: no Redis', 'quick'])
  })

  test('without a meaning does nothing', async () => {
    expect(await typed('z1\r\x1b[A ')).toEqual([])
  })

  test.each(['?', 'h'])('"%s" lists the keys', async (letter) => {
    expect(await typed(letter)).toEqual(['q  be quick', 's  be slow', 'x  break', '?  this list'])
    expect(keyList([])).toEqual(['?  this list'])
  })
})
