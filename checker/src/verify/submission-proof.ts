// Proves what lab-check says of a submission, by running it as a student would: as a command.
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RunResult } from '../check/record.ts'
import type { RunOptions } from '../check/run.ts'
import { type Lab, root } from '../lab/lab.ts'
import type { Mistake } from './mistake.ts'

export interface Verdict {
  exitStatus: number
  result: RunResult | undefined
  output: string
}

/**
 * Runs lab-check on a folder.
 * @param seed eight hexadecimal digits, from which the run draws
 * @param options `only`: a check, and no other runs but those it needs; `without`: checks that are left out
 */
export function judge(
  lab: Lab,
  folder: string,
  seed: string,
  { only, without = [] }: Pick<RunOptions, 'only' | 'without'> = {},
): Promise<Verdict> {
  const program = path.join(root, 'checker', 'bin', 'lab-check.js')
  const args = [program, String(lab.number), '--dir', folder, '--format', 'json', '--seed', seed]
  if (only !== undefined) args.push('--only', only)
  if (without.length > 0) args.push('--without', ...without)
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 << 20, timeout: 180_000 }, (error, stdout, stderr) => {
      const exitStatus = error ? (typeof error.code === 'number' ? error.code : 3) : 0
      let result: RunResult | undefined
      try {
        result = JSON.parse(stdout).results[0]
      } catch {
        // Told by the missing result.
      }
      resolve({ exitStatus, result, output: stderr })
    })
  })
}

/** @returns what is wrong with the verdict on a right submission; empty when it passed */
export function passFaults({ exitStatus, result, output }: Verdict): string[] {
  if (exitStatus === 0) return []
  const failed = result?.records.filter((record) => record.status !== 'pass' && record.maxPoints > 0) ?? []
  return [
    `The exit status is ${exitStatus}. ${result?.trouble?.sentence ?? ''}${output}`,
    ...failed.map(
      ({ id, status, why }) =>
        `${id}: ${status}. ${why?.expected ?? ''} ${why?.got ?? ''} ${why?.detail.join(' ') ?? ''}`,
    ),
  ]
}

/** @returns what is wrong with the verdict on the starter: it has to start, and to fail at a check */
export function starterFaults({ exitStatus, result }: Verdict): string[] {
  if (!result) return [`There is no result; the exit status is ${exitStatus}.`]
  if (result.trouble) return [result.trouble.sentence]
  const [first] = result.records
  return [
    ...(exitStatus === 1 ? [] : [`The exit status is ${exitStatus}; it should be 1.`]),
    ...(first?.status === 'pass' ? [] : ['The first check should pass: the starter shows its pages.']),
  ]
}

/** @returns what is wrong with the verdict on a mistake: it has to fail its check and no other */
export function mistakeFaults(mistake: Mistake, { exitStatus, result, output }: Verdict): string[] {
  if (!result || result.trouble) return [result?.trouble?.sentence ?? `There is no result: ${output}`]
  const failed = result.records.filter((record) => record.status === 'fail' || record.status === 'error')
  const ids = failed.map((record) => `${record.id} (${record.status}: ${record.why?.got})`)
  const advice = failed.every((record) => record.maxPoints === 0)
  return [
    ...(failed.length === 1 && failed[0]?.id === mistake.fails && failed[0]?.status === 'fail'
      ? []
      : [`It should fail "${mistake.fails}" and no other check; it fails: ${ids.join(', ') || 'none'}.`]),
    ...(exitStatus === (advice ? 0 : 1) ? [] : [`The exit status is ${exitStatus}.`]),
  ]
}

/**
 * Copies the solution into a folder and makes the mistake there.
 * @throws Error when a piece of text to be changed is not in its file exactly once
 */
export function makeMistake(lab: Lab, mistake: Mistake, folder: string): void {
  cpSync(lab.solutionFolder, folder, {
    recursive: true,
    filter: (file) => !path.basename(file).startsWith('.'),
  })
  writeFileSync(path.join(folder, mistake.file), mistakenText(lab, mistake))
}

/**
 * The solution's file with the mistake in it.
 * @throws Error when a piece of text to be changed is not in the file exactly once
 */
export function mistakenText(lab: Lab, mistake: Mistake): string {
  let text = readFileSync(path.join(lab.solutionFolder, mistake.file), 'utf8')
  for (const [from, to] of mistake.change) {
    const count = text.split(from).length - 1
    if (count !== 1)
      throw new Error(`Mistake "${mistake.id}": this is ${count} times in ${mistake.file}, not once: ${from}`)
    text = text.replace(from, () => to)
  }
  return text
}
