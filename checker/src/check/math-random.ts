// Tells whether uuids were made digit by digit, or byte by byte, with Math.random. Its next number is computed from the last ones with
// shifts and XOR alone (xorshift128+ in V8, src/base/utils/random-number-generator.h), so each bit of each number is a
// sum, modulo 2, of the 128 bits of one state. Two uuids have 244 such bits: only those of Math.random agree.

const STATE_BITS = 128

/** V8 makes so many numbers at once, and gives them out from the last to the first. */
const BLOCK = 64

/** Two keys of at most 31 numbers each can reach into a second block. */
const BLOCKS = 2

/** A sum of state bits, modulo 2: one bit for each that is in it, in four words. */
type Sum = Uint32Array

/** What a uuid shows of the number behind a digit: these of its eight highest bits, 7 being the highest. */
const DIGIT_BITS = [7, 6, 5, 4]
/** At the place of the variant, hyphens not counted, the two highest bits are given: `(r & 3) | 8`. */
const VARIANT_BITS = [5, 4]
const VARIANT_PLACE = 16
/** The "4" at this place comes from no number. */
const VERSION_PLACE = 12

/** What it shows of the number behind a byte; of the two with version and variant, it is `b & 0x0f` and `b & 0x3f`. */
const BYTE_BITS = [7, 6, 5, 4, 3, 2, 1, 0]
const VERSION_BYTE = 6
const VARIANT_BYTE = 8

/** The eight highest bits of every number of the first blocks, as sums of state bits; the highest is the last. */
let known: Sum[][] | undefined

/**
 * Whether each digit of these two uuids of version 4, made one after the other, is 16 times the next Math.random(), or
 * each byte 256 times. By chance, that is so for one pair of random uuids in 2¹⁰⁹.
 */
export function areFromMathRandom(first: string, second: string): boolean {
  known ??= numbers()
  return [bitsOfDigits, bitsOfBytes].some((bitsOf) => {
    const shown = [first, second].flatMap(bitsOf)
    return Array.from({ length: BLOCK }, (_, phase) => phase).some((phase) => isConsistent(shown, phase))
  })
}

interface Shown {
  bit: number
  value: number
}

/** For each number behind a digit of a uuid, which of its bits can be seen, and what they are. */
function bitsOfDigits(uuid: string): Shown[][] {
  return [...uuid.replaceAll('-', '')].flatMap((digit, place) => {
    if (place === VERSION_PLACE) return []
    const bits = place === VARIANT_PLACE ? VARIANT_BITS : DIGIT_BITS
    return [bits.map((bit) => ({ bit, value: (Number.parseInt(digit, 16) >> (bit - 4)) & 1 }))]
  })
}

/** The same for each number behind a byte. */
function bitsOfBytes(uuid: string): Shown[][] {
  return [...Buffer.from(uuid.replaceAll('-', ''), 'hex')].map((byte, place) => {
    const given = place === VERSION_BYTE ? 4 : place === VARIANT_BYTE ? 2 : 0
    return BYTE_BITS.slice(given).map((bit) => ({ bit, value: (byte >> bit) & 1 }))
  })
}

/** Whether there is a state that gives all these bits. @param phase how many numbers of the first block were gone */
function isConsistent(shown: Shown[][], phase: number): boolean {
  /** Equations in echelon form, each at the highest state bit that is in it; the fifth word is the value. */
  const solved: (Sum | undefined)[] = []
  return shown.every((bits, index) => {
    const at = phase + index
    const number = known?.[at - (at % BLOCK) + BLOCK - 1 - (at % BLOCK)]
    return bits.every(({ bit, value }) => {
      const row = new Uint32Array(5)
      row.set(number?.[bit] ?? [])
      row[4] = value
      for (let lead = leading(row); lead !== -1; lead = leading(row)) {
        const other = solved[lead]
        if (!other) {
          solved[lead] = row
          return true
        }
        for (let word = 0; word < 5; word++) row[word] = (row[word] ?? 0) ^ (other[word] ?? 0)
      }
      return row[4] === 0
    })
  })
}

/** The first state bit that is in a sum; -1 when there is none. */
function leading(row: Sum): number {
  for (let word = 0; word < 4; word++) {
    if (row[word]) return word * 32 + Math.clz32(row[word] ?? 0)
  }
  return -1
}

function numbers(): Sum[][] {
  const unit = (index: number): Sum => {
    const sum = new Uint32Array(4)
    sum[index >> 5] = 0x80000000 >>> (index & 31)
    return sum
  }
  const all = Array.from({ length: STATE_BITS }, (_, index) => unit(index))
  let [state0, state1] = [all.slice(0, 64), all.slice(64)]
  return Array.from({ length: BLOCK * BLOCKS }, () => {
    let next = state0
    state0 = state1
    next = plus(next, shifted(next, 23))
    next = plus(next, shifted(next, -17))
    next = plus(next, state0)
    next = plus(next, shifted(state0, -26))
    state1 = next
    return state0.slice(56)
  })
}

/** Shifts to the left; the lowest bit comes first in the list. */
function shifted(bits: Sum[], by: number): Sum[] {
  return bits.map((_, index) => bits[index - by] ?? new Uint32Array(4))
}

function plus(one: Sum[], two: Sum[]): Sum[] {
  return one.map((sum, index) => sum.map((word, at) => word ^ (two[index]?.[at] ?? 0)))
}
