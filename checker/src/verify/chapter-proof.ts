// Proves a chapter: its commands give the output that it shows, when run against the solution.
import { readFileSync, writeFileSync } from 'node:fs'
import { openRun } from '../app/run-folder.ts'
import { type Lab, shownPath } from '../lab/lab.ts'
import { startFrozen } from './frozen-lab.ts'
import { findCommands, runCommand, sameOutput, withOutputs } from './transcript.ts'

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
    const started = await startFrozen(lab, run)
    const folder = run.folder('terminal')
    const outputs: string[] = []
    try {
      for (const { command } of commands) outputs.push(await runCommand(command, folder, started.ports))
    } finally {
      await started.close()
    }
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
