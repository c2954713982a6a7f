// lab-check doctor: what the labs need of this machine, what is missing, and the one line that mends it.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import colors from 'picocolors'
import { listLabs } from '../lab/lab.ts'
import { findRedis, howToGetRedis, mayDownload } from '../redis/find.ts'
import { isFree } from '../serve/choose-port.ts'

const run = promisify(execFile)

interface Finding {
  what: string
  /** `missing` stops labs; `note` is only worth knowing. */
  state: 'ok' | 'missing' | 'note'
  says: string
  /** The line that mends it. */
  mend?: string
}

/** Prints what it finds; the exit status is 3 when something that the labs need is missing. */
export async function doctorCommand(): Promise<void> {
  const findings = [nodeFinding(), ...(await Promise.all([sqlite(), redis(), browser(), curl(), ports()]))]
  process.stdout.write('\n')
  for (const { what, state, says, mend } of findings) {
    const sign = { ok: colors.green('✓'), missing: colors.red('✗'), note: colors.yellow('!') }[state]
    process.stdout.write(`  ${sign} ${what.padEnd(8)} ${says}\n`)
    if (mend) process.stdout.write(`             ${colors.bold(mend)}\n`)
  }
  process.stdout.write('\n')
  if (findings.some((finding) => finding.state === 'missing')) process.exitCode = 3
}

/** bin/start.js has already refused a Node that is too old. */
function nodeFinding(): Finding {
  return { what: 'Node', state: 'ok', says: process.versions.node }
}

async function sqlite(): Promise<Finding> {
  try {
    // Not a literal, so that this compiles where the package is not installed.
    const name = 'sqlite3'
    const { default: sqlite3 } = await import(name)
    await new Promise<void>((resolve, reject) => {
      const database = new sqlite3.Database(':memory:', (error: Error | null) =>
        error ? reject(error) : database.close(() => resolve()),
      )
    })
    return { what: 'SQLite', state: 'ok', says: 'works' }
  } catch (error) {
    const says = `does not load: ${(error as Error).message.split('\n')[0]}`
    return { what: 'SQLite', state: 'missing', says, mend: 'npm rebuild sqlite3' }
  }
}

async function redis(): Promise<Finding> {
  const what = 'Redis'
  try {
    const found = findRedis()
    if (found.kind === 'url') return { what, state: 'ok', says: 'REDIS_URL is set, so that one will be used' }
    if (found.kind === 'program') {
      return { what, state: 'ok', says: (await versionOf(found.program)) ?? found.program }
    }
    const users = listLabs().filter((lab) => lab.redis)
    const needed =
      users.length === 0 ? 'no lab needs it' : `needed by lab ${users.map((lab) => lab.number).join(', ')}`
    const last = mayDownload() ? '; as a last resort it would be downloaded and built' : ''
    return { what, state: 'note', says: `not found; ${needed}${last}`, mend: howToGetRedis() }
  } catch (error) {
    return { what, state: 'missing', says: (error as Error).message }
  }
}

async function browser(): Promise<Finding> {
  const what = 'Browser'
  const places: Record<string, string[]> = {
    darwin: ['/Applications/Google Chrome.app', '/Applications/Firefox.app', '/Applications/Safari.app'],
    win32: [
      'C:\\Program Files\\Google\\Chrome',
      'C:\\Program Files (x86)\\Microsoft\\Edge',
      'C:\\Program Files\\Mozilla Firefox',
    ],
  }
  const programs = [
    'google-chrome',
    'chromium',
    'chromium-browser',
    'firefox',
    'firefox-esr',
    'microsoft-edge',
    'brave-browser',
  ]
  const found =
    (places[process.platform] ?? []).find(existsSync) ??
    programs.map(onPath).find((file) => file !== undefined)
  if (found) return { what, state: 'ok', says: found }
  return {
    what,
    state: 'note',
    says: 'none found where they usually are; any browser will do',
    mend: process.platform === 'linux' ? 'sudo apt install firefox-esr' : 'https://www.mozilla.org/firefox',
  }
}

async function curl(): Promise<Finding> {
  const version = await versionOf('curl')
  if (version) return { what: 'curl', state: 'ok', says: version.split(' (')[0] ?? version }
  return {
    what: 'curl',
    state: 'note',
    says: 'not found; the chapters use it',
    mend: 'sudo apt install curl',
  }
}

async function ports(): Promise<Finding> {
  const labs = listLabs()
  const free = await Promise.all(labs.map((lab) => isFree(lab.port)))
  const taken = labs.filter((_, index) => !free[index]).map((lab) => lab.port)
  const all = `${labs[0]?.port} to ${labs.at(-1)?.port}`
  if (taken.length === 0) return { what: 'Ports', state: 'ok', says: `${all} are free` }
  return {
    what: 'Ports',
    state: 'note',
    says: `${taken.join(', ')} taken: "npm run lab" will use the next free one, and say so`,
  }
}

/** The first line that `PROGRAM --version` prints, or undefined when there is no such program. */
async function versionOf(program: string): Promise<string | undefined> {
  try {
    return (await run(program, ['--version'], { timeout: 5_000, windowsHide: true })).stdout
      .split('\n')[0]
      ?.trim()
  } catch {
    return undefined
  }
}

function onPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return folders.map((folder) => path.join(folder, program)).find(existsSync)
}
