// Processes that a run has started, and how they are ended with all that they started themselves.
// bin/keeper.js loads this file from dist, so that there is one way to end them; it has to stay quick to load.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Whether a process is there and not only waiting to be forgotten by its parent. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // It may be there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    // "pid (name) state …"; the name may hold anything, also a parenthesis.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('Z')
  } catch {
    return process.platform !== 'linux'
  }
}

/** Ends a process that leads a group of its own, the whole group, and the children that have left it. */
export function killTree(pid: number | undefined): void {
  // It could not even be started.
  if (pid === undefined) return
  if (process.platform !== 'win32') {
    // Asked before their parent has ended: then nothing tells any more whose they are.
    const all = descendants(pid)
    for (const one of [-pid, pid, ...all]) killProcess(one)
    return
  }
  try {
    execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true })
  } catch {
    // It had ended already.
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended already.
  }
}

/** All that a process has started, and they, as long as nobody in between has ended (Linux only). */
function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}
