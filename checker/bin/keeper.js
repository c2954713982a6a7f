// Outlives a run of the checker by a moment: ends the processes it started and removes the folder it wrote.
// Plain JavaScript with nothing to load, so that it is there before the app is.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'

const runFolder = process.argv[2]
let pids = ''

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  pids += text
})
process.stdin.on('close', () => {
  for (const pid of pids.split('\n').filter(Boolean)) killTree(Number(pid))
  for (const pid of strays()) killProcess(pid)
  rmSync(runFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
})

/** Ends a process that leads a group of its own, and the whole group. */
function killTree(pid) {
  if (process.platform !== 'win32') return killProcess(-pid)
  try {
    execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true })
  } catch {
    // It had ended already.
  }
}

function killProcess(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It had ended already.
  }
}

/** Processes that left their group but still carry this run's folder in their environment (Linux only). */
function strays() {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DATA_DIR=${runFolder}`)
      } catch {
        return false
      }
    })
    .map(Number)
}
