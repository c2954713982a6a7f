// Finds a Redis: the one in REDIS_URL, a program on this machine, or one that a library downloads and builds.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { CheckerError } from '../lab/errors.ts'
import { root, stateFolder } from '../lab/lab.ts'

export type FoundRedis =
  /** Somebody's own, which may hold data: it is only borrowed. */
  | { kind: 'url'; url: URL }
  /** A program to start as a private process. */
  | { kind: 'program'; program: string }
  /** None is here; the library redis-memory-server can get one. */
  | { kind: 'library' }

const PROGRAMS = ['redis-server', 'valkey-server']

/** Where the library builds: not in node_modules, where the next install would remove what took minutes. */
const BUILD_FOLDER = path.join(stateFolder, 'redis')

/**
 * What this machine has, without starting or fetching anything.
 * @throws CheckerError when REDIS_URL is not the address of a Redis
 */
export function findRedis(): FoundRedis {
  const given = process.env.REDIS_URL
  if (given) {
    const url = URL.canParse(given) ? new URL(given) : undefined
    if (url?.hostname && /^rediss?:$/.test(url.protocol)) return { kind: 'url', url }
    throw new CheckerError(
      'REDIS_URL is not the address of a Redis. It looks like this: redis://localhost:6379',
    )
  }
  const built = path.join(
    BUILD_FOLDER,
    'stable',
    process.platform === 'win32' ? 'memurai.exe' : 'redis-server',
  )
  const program = PROGRAMS.map(onPath).find(Boolean) ?? [built].find(existsSync)
  return program ? { kind: 'program', program } : { kind: 'library' }
}

/** Whether nothing may be downloaded: for tests, and for machines that build without a network. */
export function mayDownload(): boolean {
  return !process.env.SESSION_LABS_NO_DOWNLOAD
}

/** How to get a Redis on this system, as one line to type. */
export function howToGetRedis(): string {
  return (
    {
      darwin: 'brew install redis',
      win32: 'wsl --install, then in it: sudo apt install redis-server',
      linux: 'sudo apt install redis-server   (Fedora: sudo dnf install valkey)',
    }[process.platform as string] ?? 'Install redis-server or valkey-server with your package manager.'
  )
}

/**
 * Has the library download and build a Redis. From then on `findRedis` finds it.
 * @returns the program
 * @throws CheckerError when that may not be done, or does not work out
 */
export async function getFromLibrary(): Promise<string> {
  const missing = `This lab needs Redis, and this machine has none. Get it with: ${howToGetRedis()}`
  if (!mayDownload()) throw new CheckerError(missing)
  // The result of the command may go to standard output; this is not part of it.
  console.error(
    'This lab needs Redis, and this machine has none. I download one and build it, once; it takes minutes.',
  )
  try {
    return await runLibrary()
  } catch (error) {
    throw new CheckerError(`${missing}\nI could not download and build one: ${(error as Error).message}`)
  }
}

/** In a process of its own, because the library prints to standard output. @returns the program's path */
function runLibrary(): Promise<string> {
  const script = path.join(root, 'checker', 'bin', 'build-redis.js')
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [script, BUILD_FOLDER],
      { cwd: root, maxBuffer: 64 << 20 },
      (error, _out, err) => {
        const program = err.trim().split('\n').at(-1) ?? ''
        if (error || !existsSync(program)) reject(new Error(program || 'it ended without a word'))
        else resolve(program)
      },
    )
    // Its lines are the progress.
    child.stdout?.pipe(process.stderr, { end: false })
  })
}

function onPath(program: string): string | undefined {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program]
  const folders = (process.env.PATH ?? process.env.Path ?? '').split(path.delimiter).filter(Boolean)
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(existsSync)
}
