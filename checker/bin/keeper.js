// Outlives a run of the checker by a moment: ends the processes it started and removes what it wrote.
// Each line of its standard input is the id of a process, or { redisUrl, key } for a key in somebody's own Redis.
// Plain JavaScript with nothing to load, so that it is there before the app is.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const runFolder = process.argv[2]
let told = ''

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  told += text
})
process.stdin.on('close', () => {
  const lines = told.split('\n').filter(Boolean)
  const keys = lines.filter((line) => line.startsWith('{'))
  for (const pid of lines.filter((line) => !line.startsWith('{'))) killTree(Number(pid))
  for (const pid of strays()) killProcess(pid)
  // Only now, when nobody is left to write them again.
  if (keys.length > 0) removeKeys(keys)
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

/** In a process of its own, which has a library to load. A key that cannot be removed is left to its time to live. */
function removeKeys(keys) {
  const program = fileURLToPath(new URL('remove-keys.js', import.meta.url))
  try {
    execFileSync(process.execPath, [program], {
      input: keys.join('\n'),
      stdio: 'pipe',
      windowsHide: true,
      timeout: 10_000,
    })
  } catch {
    // The Redis is gone or does not answer.
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
