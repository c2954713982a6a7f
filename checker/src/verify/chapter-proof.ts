// Proves a chapter: its commands give the output that it shows, when run against the solution.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import { launch } from '../app/launch.ts'
import { openRun } from '../app/run-folder.ts'
import { type Lab, shownPath } from '../lab/lab.ts'
import { findCommands, runCommand, sameOutput, withOutputs } from './transcript.ts'

/** Chapters are written at this time; what depends on the clock is the same in every run. */
const CHAPTER_TIME = '2026-11-20T12:00:00Z'

/**
 * Runs a chapter's commands in their order.
 * @param update write what came out into the chapter
 * @returns what is not as shown, one text per command; empty when all is true
 */
export async function proveChapter(lab: Lab, update: boolean): Promise<string[]> {
  const chapter = readFileSync(lab.chapter, 'utf8')
  const commands = findCommands(chapter)
  const run = openRun()
  try {
    const { bundle } = await compile(lab.solutionFolder, run.path)
    const app = await launch({
      run,
      bundle,
      cwd: lab.solutionFolder,
      dataFolder: run.folder('data'),
      env: { ...developmentEnvironment, LAB_CLOCK_FROZEN_AT: CHAPTER_TIME },
    })
    const folder = run.folder('terminal')
    const outputs: string[] = []
    for (const { command } of commands) outputs.push(await runCommand(command, folder, lab.port, app.port))
    if (update) writeFileSync(lab.chapter, withOutputs(chapter, commands, outputs))
    return commands.flatMap(({ line, command, output }, index) => {
      const came = outputs[index] ?? ''
      if (update || sameOutput(output, came)) return []
      return [`${shownPath(lab.chapter)}, line ${line}: $ ${command}\nshown:\n${output}\ncame:\n${came}`]
    })
  } finally {
    await run.close()
  }
}
