import { describe, expect, test } from 'vitest'
import { drawFrom } from './draw.ts'

function drawSome(seed: string, check: string) {
  const draw = drawFrom(seed, check)
  const list = Array.from({ length: 20 }, (_, index) => index)
  return [draw.name(), draw.int(1, 1_000_000), draw.words(5), draw.shuffle(list), draw.pick(list)]
}

describe('draws', () => {
  test('are the same for the same seed and check', () => {
    expect(drawSome('0badcafe', 'counts')).toEqual(drawSome('0badcafe', 'counts'))
  })

  test('are others for another check, and for another seed', () => {
    expect(drawSome('0badcafe', 'checkout')).not.toEqual(drawSome('0badcafe', 'counts'))
    expect(drawSome('0badcaff', 'counts')).not.toEqual(drawSome('0badcafe', 'counts'))
  })

  test('give every visitor of a check another name, also when there are many', () => {
    const draw = drawFrom('0badcafe', 'counts')
    const names = Array.from({ length: 11 }, () => draw.name())
    expect(new Set(names).size).toBe(11)
    expect(names).not.toContain(draw.name())
  })

  test('int stays within its bounds, and reaches both', () => {
    const { int } = drawFrom('0badcafe', 'counts')
    const drawn = new Set(Array.from({ length: 200 }, () => int(3, 5)))
    expect([...drawn].sort()).toEqual([3, 4, 5])
  })

  test('shuffle keeps every element and leaves the list as it was', () => {
    const list = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const { shuffle } = drawFrom('0badcafe', 'counts')
    const shuffled = shuffle(list)
    expect(shuffled.toSorted()).toEqual(list)
    expect(list.join('')).toBe('abcdefgh')
    expect([shuffled, shuffle(list), shuffle(list)]).not.toEqual([list, list, list])
  })

  test('pick takes one of the list, and words as many words as are asked for', () => {
    const { pick, words } = drawFrom('0badcafe', 'counts')
    expect(['a', 'b']).toContain(pick(['a', 'b']))
    expect(words(4).split(' ')).toHaveLength(4)
  })
})
