// The hostile kit: all entries, two at a time, each told as soon as it is known.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { openRun } from '../app/run-folder.ts'
import { root } from '../lab/lab.ts'
import { severalAtOnce } from '../verify/verify.ts'
import type { Hostile } from './hostile.ts'
import { type HostileOutcome, judgeHostile } from './judge-hostile.ts'
import type { LeftBehind } from './left-behind.ts'
import { copyWorkbook } from './workbook.ts'

export interface KitResult {
  outcomes: HostileOutcome[]
  left: LeftBehind
}

/** All entries, of all files in checker/hostile. */
export async function listHostile(): Promise<Hostile[]> {
  const folder = path.join(root, 'checker', 'dist', 'hostile')
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'))
  const lists = await Promise.all(
    files.sort().map(async (name) => (await import(pathToFileURL(path.join(folder, name)).href)).hostile),
  )
  return lists.flat()
}

/** @param tell called with each outcome */
export async function runKit(
  entries: Hostile[],
  tell: (outcome: HostileOutcome) => void,
): Promise<KitResult> {
  const run = openRun()
  // Not in the run's folder, which is below node_modules: tools treat what is there in another way.
  const scratch = mkdtempSync(path.join(realpathSync(tmpdir()), 'session-labs-hostile-'))
  const removeScratch = () =>
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  process.once('exit', removeScratch)
  try {
    const workbook = path.join(scratch, 'workbook')
    mkdirSync(workbook)
    copyWorkbook(workbook)
    const outcomes: HostileOutcome[] = []
    await severalAtOnce(entries, async (entry) => {
      const outcome = await judgeHostile(entry, workbook, path.join(scratch, 'entries', entry.id), run)
      outcomes.push(outcome)
      tell(outcome)
    })
    const sum = (kind: keyof LeftBehind) => outcomes.reduce((all, { left }) => all + left[kind], 0)
    const runs = path.join(workbook, 'node_modules', '.cache', 'lab-check')
    const folders = existsSync(runs) ? readdirSync(runs).length : 0
    return {
      outcomes,
      left: {
        processes: sum('processes'),
        ports: sum('ports'),
        files: Math.max(sum('files'), folders),
        keys: sum('keys'),
      },
    }
  } finally {
    await run.close()
    removeScratch()
  }
}
