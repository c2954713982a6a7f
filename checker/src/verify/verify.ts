// All proofs of the course, lab by lab, two at a time, each told as soon as it is known.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { openRun } from '../app/run-folder.ts'
import type { CheckMeta } from '../check/check.ts'
import { listChecks } from '../check/run.ts'
import { UsageError } from '../lab/errors.ts'
import { type Lab, root } from '../lab/lab.ts'
import { proveChapter } from './chapter-proof.ts'
import { proveCourse } from './course-proof.ts'
import {
  common,
  failureText,
  type GoldenTexts,
  goldenFaults,
  goldenFile,
  readGolden,
  writeGolden,
} from './golden.ts'
import type { Mistake } from './mistake.ts'
import {
  judge,
  makeMistake,
  mistakeFaults,
  passFaults,
  starterFaults,
  type Verdict,
} from './submission-proof.ts'

/** Something that has to be true of the course. */
export interface Proof {
  lab: Lab
  /** What is proved, as a sentence. */
  says: string
  /** Whether it is about a verdict of lab-check on a submission. */
  judges: boolean
  /** Resolves to what is wrong, one text each; to nothing when it is true. Runs draw from the seed. */
  faults(seed: string): Promise<string[]>
}

/** A proof draws the same in every run, so that it can be repeated. `npm run soak` draws differently each time. */
export const PROOF_SEED = '5e551015'

/** How many submissions are judged at once. Each has two busy processes for about half a second. */
const AT_ONCE = 2

/** Which proofs, and how thorough. */
export interface Extent {
  /** Only the proofs whose sentence has this text. */
  match?: string
  /**
   * A mistake is judged by its own check alone, with those it needs. That no other check fails is not proved, nor that
   * its text is the golden one.
   */
  quick?: boolean
}

/** The proofs of a lab. Mistakes are made in folders below `workFolder`. */
export async function proofsOf(lab: Lab, workFolder: string, extent: Extent = {}): Promise<Proof[]> {
  const mistakes = await mistakesOf(lab)
  const alternatives = alternativesOf(lab)
  const checks = await listChecks(lab)
  const golden = readGolden(goldenFile(lab))
  const proof = (says: string, faults: Proof['faults']): Proof => ({ lab, says, judges: false, faults })
  const judging = (says: string, faults: Proof['faults']): Proof => ({ lab, says, judges: true, faults })
  const all = [
    proof('chapter, starter, solution, checks and mistakes fit together', async () =>
      proveCourse(lab, checks, mistakes, alternatives, [...golden.keys()]),
    ),
    proof('every command in the chapter gives the output shown', () => proveChapter(lab, false)),
    judging('the starter starts, and fails', async (seed) =>
      starterFaults(await judge(lab, lab.workFolder, seed)),
    ),
    judging('the solution passes', async (seed) => passFaults(await judge(lab, lab.solutionFolder, seed))),
    ...alternatives.map((folder) =>
      judging(`alternative ${path.basename(folder)} passes`, async (seed) =>
        passFaults(await judge(lab, folder, seed)),
      ),
    ),
    ...mistakes.map((mistake) =>
      judging(mistakeSentence(mistake), async (seed) => {
        const which = extent.quick ? { only: mistake.fails } : wholeRun(mistake, checks)
        const verdict = await judgeMistake(lab, mistake, workFolder, seed, which)
        const faults = mistakeFaults(mistake, verdict)
        // Another seed draws other names: the text is only the same with the seed that it was written with.
        // A lab that is being written has no texts yet.
        if (faults.length > 0 || seed !== PROOF_SEED || golden.size === 0 || extent.quick) return faults
        return goldenFaults(lab, golden.get(mistake.id), textOf(mistake, verdict))
      }),
    ),
  ]
  return all.filter(({ says }) => says.includes(extent.match ?? ''))
}

/** Texts can depend on where a submission lies, also on how long its path is: long lines are cut. */
const LONGER_NAME = 'alone-in-a-folder-with-a-longer-name-than-the-other-one'

export interface ProofOutcome {
  proof: Proof
  /** Empty when it holds. */
  faults: string[]
  /** Done a second time, alone, because it did not hold the first time. */
  again: boolean
}

/**
 * Proves all, in their order as far as two at once allow. What did not hold is proved once more at the end, alone:
 * a verdict that differs only on a busy machine is told, but is no fault of the course. `npm run soak` counts those.
 * @param tell called as each is known
 * @throws UsageError when no proof matches
 */
export async function prove(
  labs: Lab[],
  extent: Extent,
  tell: (outcome: ProofOutcome, done: number, all: number) => void,
): Promise<{ passed: number; failed: number; wavered: number }> {
  const run = openRun()
  try {
    const proofs: Proof[] = []
    for (const lab of labs) proofs.push(...(await proofsOf(lab, run.folder('mistakes'), extent)))
    if (proofs.length === 0) throw new UsageError(`No proof has "${extent.match}" in its sentence.`)
    const doubtful: Proof[] = []
    let done = 0
    await severalAtOnce(proofs, async (proof) => {
      const faults = await faultsOf(proof, PROOF_SEED)
      if (faults.length > 0) doubtful.push(proof)
      tell({ proof, faults, again: false }, ++done, proofs.length)
    })
    let failed = 0
    for (const proof of doubtful) {
      const faults = await faultsOf(proof, PROOF_SEED)
      if (faults.length > 0) failed += 1
      tell({ proof, faults, again: true }, done, proofs.length)
    }
    return { passed: proofs.length - failed, failed, wavered: doubtful.length - failed }
  } finally {
    await run.close()
  }
}

/**
 * Writes the golden texts of a lab's mistakes. Each is judged twice with the same seed, the second time by its check
 * alone and in another folder; what differs then is what the app draws itself, keeps from earlier checks, or says of
 * its place, and is left open. A mistake that does not fail its check keeps the text that it had: the new one would be of something else.
 * @param match only the mistakes whose sentence has this text are judged, the others keep their texts
 * @param tell called after each, with what is wrong with it
 */
export async function updateGolden(
  lab: Lab,
  { match = '' }: Extent,
  tell: (mistake: Mistake, faults: string[]) => void,
): Promise<void> {
  const run = openRun()
  try {
    const mistakes = await mistakesOf(lab)
    const checks = await listChecks(lab)
    const before = readGolden(goldenFile(lab))
    const texts: GoldenTexts = new Map(before)
    const chosen = mistakes.filter((mistake) => mistakeSentence(mistake).includes(match))
    await severalAtOnce(chosen, async (mistake) => {
      const whole = await judgeMistake(
        lab,
        mistake,
        run.folder('whole'),
        PROOF_SEED,
        wholeRun(mistake, checks),
      )
      const alone = await judgeMistake(lab, mistake, run.folder(LONGER_NAME), PROOF_SEED, {
        only: mistake.fails,
      })
      const faults = [...mistakeFaults(mistake, whole), ...mistakeFaults(mistake, alone)]
      const text = faults.length === 0 ? common(textOf(mistake, whole), textOf(mistake, alone)) : undefined
      if (text !== undefined) texts.set(mistake.id, text)
      tell(mistake, faults)
    })
    const inOrder = mistakes
      .filter(({ id }) => texts.has(id))
      .map(({ id }) => [id, texts.get(id) as string] as const)
    writeGolden(goldenFile(lab), new Map(inOrder))
  } finally {
    await run.close()
  }
}

function judgeMistake(
  lab: Lab,
  mistake: Mistake,
  workFolder: string,
  seed: string,
  which: Parameters<typeof judge>[3],
): Promise<Verdict> {
  const folder = path.join(workFolder, lab.id, `${mistake.id}-${seed}`)
  makeMistake(lab, mistake, folder)
  return judge(lab, folder, seed, which)
}

/** All checks but those that see only other files than the changed one: the proof of the solution is theirs as well. */
function wholeRun({ file, fails }: Mistake, checks: CheckMeta[]): { without: string[] } {
  const others = checks.filter(({ id, about }) => about && !about.includes(file) && id !== fails)
  return { without: others.map(({ id }) => id) }
}

function mistakeSentence({ id, fails }: Mistake): string {
  return `mistake ${id} fails ${fails}`
}

/** What a student reads of the check that the mistake fails. */
function textOf(mistake: Mistake, { result }: Verdict): string {
  const failed = result?.records.find((record) => record.id === mistake.fails)
  return failed ? failureText(failed) : ''
}

/** What is wrong; also when the proof itself broke. */
export function faultsOf(proof: Proof, seed: string): Promise<string[]> {
  return proof.faults(seed).catch((error: Error) => [error.message])
}

/** Does the work for each of the list, in order, some of it at once. */
export async function severalAtOnce<Item>(list: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...list]
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

async function mistakesOf(lab: Lab): Promise<Mistake[]> {
  const file = path.join(root, 'checker', 'dist', 'mistakes', `${lab.id}.js`)
  return existsSync(file) ? (await import(pathToFileURL(file).href)).mistakes : []
}

function alternativesOf(lab: Lab): string[] {
  const folder = path.join(root, 'checker', 'alternatives', lab.id)
  return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []
}
