// Everything random in a run is drawn from its seed, so that the seed repeats the run.
import { createHash, randomBytes } from 'node:crypto'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

const NAMES = [
  'Ada',
  'Grace',
  'Linus',
  'Edsger',
  'Barbara',
  'Alan',
  'Radia',
  'Donald',
  'Hedy',
  'Tim',
  'Margaret',
]
const WORDS = 'amber birch cedar delta ember fern grove heron island jasper kelp lantern maple north'.split(
  ' ',
)

/** Eight hexadecimal digits, for a run that is like no other. */
export function newSeed(): string {
  return randomBytes(4).toString('hex')
}

export type Draw = ReturnType<typeof drawFrom>

/** Draws for one check: the same seed and check give the same draws, whichever other checks run. */
export function drawFrom(seed: string, checkId: string) {
  const start = createHash('sha256').update(`${seed} ${checkId}`).digest().readInt32BE(0)
  const generator = xoroshiro128plus(start)
  /** A whole number from `min` to `max`, both included. */
  const int = (min: number, max: number) => uniformInt(generator, min, max)
  const shuffle = <T>(list: readonly T[]): T[] => {
    const left = [...list]
    return list.map(() => left.splice(int(0, left.length - 1), 1)[0] as T)
  }
  const names = shuffle(NAMES)
  return {
    int,
    shuffle,
    /** One of the list. */
    pick: <T>(list: readonly T[]): T => list[int(0, list.length - 1)] as T,
    /** A name that no other visitor of this check has. */
    name: (): string => names.pop() ?? `Visitor ${int(100, 999)}`,
    /** A few words. */
    words: (count = 3): string =>
      Array.from({ length: count }, () => WORDS[int(0, WORDS.length - 1)]).join(' '),
  }
}
