// Outlives a run of the checker by a moment: ends the processes it started and removes what it wrote.
// Each line of its standard input is the id of a process, or { redisUrl, key } for a key in somebody's own Redis.
// Plain JavaScript with next to nothing to load, so that it is there before the app is.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs'
import { fileURLToPath } from 'node:url'
import { killTree } from '../dist/src/app/processes.js'

const runFolder = process.argv[2]
let told = ''

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
// Any other program may send it, and Node would answer with an open inspector.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {})
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  told += text
})
process.stdin.on('close', () => {
  const lines = told.split('\n').filter(Boolean)
  const keys = lines.filter((line) => line.startsWith('{'))
  for (const pid of lines.filter((line) => !line.startsWith('{'))) killTree(Number(pid))
  // While one is ended, another can start a third.
  for (
    let found = strays(), tries = 0;
    found.length > 0 && tries < STRAY_ROUNDS;
    found = strays(), tries += 1
  ) {
    for (const pid of found) killTree(pid)
  }
  // Only now, when nobody is left to write them again.
  if (keys.length > 0) removeKeys(keys)
  removeFolder()
})

/** As many as it takes to end processes that start each other, and not for ever. */
const STRAY_ROUNDS = 20

function removeFolder() {
  try {
    rmSync(runFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  } catch {
    removeStubborn(runFolder)
  }
}

/**
 * Removes a folder that has in it what a library gives up on: folders without rights, paths that are longer than the
 * system takes, names that are no text. Each folder is moved up to the top one before it is emptied. No link is followed.
 */
function removeStubborn(top) {
  const folders = [Buffer.from(top)]
  for (const folder of folders) {
    chmodSync(folder, 0o700)
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const file = Buffer.concat([folder, Buffer.from('/'), name])
      if (!lstatSync(file).isDirectory()) unlinkSync(file)
      else {
        const up = Buffer.from(`${top}-${folders.length}`)
        chmodSync(file, 0o700)
        renameSync(file, up)
        folders.push(up)
      }
    }
    rmdirSync(folder)
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
