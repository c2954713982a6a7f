// Which program listens on a port. Asked only when something went wrong, and never an error: then it is not told.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** How long another program may take to answer. */
const ASK_MS = 1_000

/** `node, process 1234`; undefined when nobody listens there, or the system does not tell. */
export function portHolder(port: number): string | undefined {
  try {
    if (process.platform === 'linux') return onLinux(port)
    return process.platform === 'win32' ? onWindows(port) : onUnix(port)
  } catch {
    return undefined
  }
}

/** The sockets are in /proc/net/tcp with their inode, and each process has a link to its own. */
function onLinux(port: number): string | undefined {
  const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => tryTo(() => readFileSync(file, 'utf8').split('\n'), []))
    .map((line) => line.trim().split(/\s+/))
    // 0A is the state "listening".
    .filter(([, local, , state]) => local?.endsWith(`:${hexadecimal}`) && state === '0A')
    .map((fields) => `socket:[${fields[9]}]`)
  if (inodes.length === 0) return undefined
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    // Those of other users cannot be read.
    const open = tryTo(() => readdirSync(`/proc/${pid}/fd`), [])
    if (!open.some((fd) => inodes.includes(tryTo(() => readlinkSync(`/proc/${pid}/fd/${fd}`), '')))) continue
    return named(
      tryTo(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), ''),
      pid,
    )
  }
  return undefined
}

function onUnix(port: number): string | undefined {
  const said = ask('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
  const pid = /^p(\d+)$/m.exec(said)?.[1]
  return pid && named(/^c(.+)$/m.exec(said)?.[1] ?? '', pid)
}

function onWindows(port: number): string | undefined {
  const lines = ask('netstat', ['-ano', '-p', 'TCP']).split('\n')
  const fields = lines.map((line) => line.trim().split(/\s+/))
  // A socket that listens has no other end; the word for its state depends on the language.
  const pid = fields.find(([, local, other]) => local?.endsWith(`:${port}`) && other?.endsWith(':0'))?.[4]
  return pid && named('', pid)
}

function ask(program: string, args: string[]): string {
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
  return execFileSync(program, args, { encoding: 'utf8', timeout: ASK_MS, stdio, windowsHide: true })
}

function named(name: string, pid: string): string {
  return name === '' ? `process ${pid}` : `${name}, process ${pid}`
}

function tryTo<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read()
  } catch {
    return otherwise
  }
}
