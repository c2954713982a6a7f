// Judges all submissions of the course again and again, each time with another seed, and looks for verdicts that differ.
import { openRun } from '../app/run-folder.ts'
import { drawFrom, newSeed } from '../check/draw.ts'
import type { Lab } from '../lab/lab.ts'
import { loadCores } from './load.ts'
import { faultsOf, type Proof, proofsOf, severalAtOnce } from './verify.ts'

/** A verdict that was not the one it should be. */
export interface Wrong {
  proof: Proof
  seed: string
  faults: string[]
}

export interface SoakOptions {
  labs: Lab[]
  /** How many verdicts. They go over all submissions in random order, again and again: any number is a fair sample. */
  runs: number
  /** How many busy processes keep the cores from them. */
  load: number
  /** Called after each verdict; `wrong` when it was not the right one. */
  tell(done: number, all: number, wrong?: Wrong): void
}

/** @returns how many verdicts were right and how many wrong */
export async function soak({
  labs,
  runs,
  load,
  tell,
}: SoakOptions): Promise<{ right: number; wrong: number }> {
  const run = openRun()
  const endLoad = loadCores(load)
  try {
    const submissions: Proof[] = []
    for (const lab of labs) {
      const proofs = await proofsOf(lab, run.folder('mistakes'))
      submissions.push(...proofs.filter((proof) => proof.judges))
    }
    const order: Proof[] = []
    while (order.length < runs) order.push(...drawFrom(newSeed(), 'soak').shuffle(submissions))
    let done = 0
    let wrong = 0
    await severalAtOnce(order.slice(0, runs), async (proof) => {
      const seed = newSeed()
      const faults = await faultsOf(proof, seed)
      if (faults.length > 0) wrong += 1
      tell(++done, runs, faults.length > 0 ? { proof, seed, faults } : undefined)
    })
    return { right: runs - wrong, wrong }
  } finally {
    endLoad()
    await run.close()
  }
}
