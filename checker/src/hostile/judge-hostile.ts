// Judges one hostile submission, with lab-check as a process of its own, and says in which way it did not end as it should.
import { spawn } from 'node:child_process'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { RunFolder } from '../app/run-folder.ts'
import { totals } from '../check/record.ts'
import { listLabs } from '../lab/lab.ts'
import { attackFile } from './attack-file.ts'
import { redisProgram, startBorrowedRedis } from './borrowed-redis.ts'
import type { Hostile, Place, Said } from './hostile.ts'
import { contentOf, type LeftBehind, leftBehind } from './left-behind.ts'

/** No run of lab-check is as long, unless a guard fails. */
const WITHIN_SECONDS = 60

/** A guard that fails must not fill the memory of the machine. */
const OUTPUT_MAX_BYTES = 20_000_000

export interface HostileOutcome {
  entry: Hostile
  /** Why it cannot be tried on this machine. */
  leftOut?: string
  /** How it ended, in a few words. */
  end: string
  seconds: number
  left: LeftBehind
  /** It got points that it should not get. */
  passed: boolean
  /** lab-check ended in a way that it should never end, or not at all. */
  died: boolean
  /** What is wrong, a sentence each; empty when all is as it should be. */
  faults: string[]
}

const NOTHING_LEFT: LeftBehind = { processes: 0, ports: 0, files: 0, keys: 0 }

/** @param base a folder in which this entry has all its own; @param workbook the copy in which lab-check runs */
export async function judgeHostile(
  entry: Hostile,
  workbook: string,
  base: string,
  run: RunFolder,
): Promise<HostileOutcome> {
  const leftOut = whyNotHere(entry)
  const outcome = { entry, leftOut, end: '', seconds: 0, left: NOTHING_LEFT, passed: false, died: false }
  if (leftOut) return { ...outcome, faults: [] }

  const place = await makePlace(entry, workbook, base)
  const works = entry.unguarded ? await entry.unguarded(place) : true
  if (entry.unguarded) emptyFolder(place.notes)
  const home = contentOf(place.home)
  const program = entry.redis === 'borrowed' ? redisProgram() : undefined
  const redis = program
    ? await startBorrowedRedis({ ...run, folder: (name) => run.folder(`${entry.id}-${name}`) }, program)
    : undefined
  const keysBefore = await redis?.content()
  const said = await runLabCheck(entry, place, redis?.url)
  if (entry.nextRunTidiesUp)
    await runLabCheck({ args: ['--solution', '--only', 'opens'] }, { ...place, folder: '' })
  const keysAfter = await redis?.content().catch((error: Error) => error.message)
  const left = {
    ...(await leftBehind(place, said.notes, home)),
    keys: redis && keysAfter !== keysBefore ? 1 : 0,
  }
  await redis?.stop()
  const verdict = verdictFaults(entry, said)
  const died = deathOf(entry, said)
  const faults = [
    ...(works
      ? []
      : ['The same attack does not work where nothing guards against it, so this proves nothing.']),
    ...(entry.neverRuns || said.notes.reached
      ? []
      : [`The attack never ran. ${said.notes.failed?.[0] ?? ''}`]),
    ...verdict,
    ...(died ? [died] : []),
    ...(left.keys > 0
      ? [`The borrowed Redis had: ${keysBefore}\nAfterwards: ${keysAfter?.slice(0, 500)}`]
      : []),
    ...Object.entries(left).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind} left behind.`] : [])),
    ...((await entry.also?.(said, place)) ?? []),
  ]
  return {
    ...outcome,
    end: endOf(said),
    seconds: said.seconds,
    left,
    passed: verdict.length > 0,
    died: died !== undefined,
    faults,
  }
}

function whyNotHere({ systems, redis }: Hostile): string | undefined {
  if (systems && !systems.includes(process.platform)) return `only on ${systems.join(', ')}`
  if (redis && !redisProgram()) return 'there is no Redis'
  return undefined
}

async function makePlace(entry: Hostile, workbook: string, base: string): Promise<Place> {
  const place: Place = {
    workbook,
    folder: path.join(workbook, 'submissions', entry.id),
    home: path.join(base, 'home'),
    notes: path.join(base, 'notes'),
  }
  for (const folder of [place.folder, place.home, place.notes]) mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(place.home, 'diary.txt'), 'what nobody else may read')
  if (entry.on === 'solution') {
    const lab = listLabs().find((one) => one.number === (entry.lab ?? 1))
    cpSync(lab?.solutionFolder ?? '', place.folder, { recursive: true })
  }
  for (const [name, text] of Object.entries(entry.files ?? {})) {
    mkdirSync(path.dirname(path.join(place.folder, name)), { recursive: true })
    writeFileSync(path.join(place.folder, name), text)
  }
  writeFileSync(path.join(place.folder, 'attack.ts'), attackFile(place))
  for (const [name, from, to] of entry.change ?? []) {
    const parts = readFileSync(path.join(place.folder, name), 'utf8').split(from)
    if (parts.length !== 2)
      throw new Error(`${entry.id}: this is ${parts.length - 1} times in ${name}: ${from}`)
    writeFileSync(path.join(place.folder, name), parts.join(to))
  }
  if (entry.on === 'solution' && entry.files?.['hostile.ts'] !== undefined) {
    const server = path.join(place.folder, 'server.ts')
    writeFileSync(server, `import './hostile.ts'\n${readFileSync(server, 'utf8')}`)
  }
  await entry.prepare?.(place)
  return place
}

/** Runs lab-check in the copy of the workbook; kills it when it takes too long, as whoever grades a class would. */
export function runLabCheck(
  entry: Pick<Hostile, 'lab' | 'args' | 'env' | 'withinSeconds'>,
  place: Place,
  redisUrl?: string,
): Promise<Said> {
  const program = path.join(place.workbook, 'checker', 'bin', 'lab-check.js')
  const dir = place.folder ? ['--dir', place.folder] : []
  const args = [program, String(entry.lab ?? 1), ...dir, '--format', 'json', ...(entry.args ?? [])]
  const { REDIS_URL: _, ...environment } = process.env
  // The copy has no Redis of its own that was built for it.
  const redisFolder = path.dirname(redisProgram() ?? '.')
  return new Promise((resolve) => {
    const begin = performance.now()
    // A file, as in a loop that grades a class: what is written there could also come from elsewhere.
    const stdoutFile = path.join(place.notes, '..', 'stdout')
    const stdout = openSync(stdoutFile, 'w')
    const child = spawn(process.execPath, args, {
      cwd: place.workbook,
      env: {
        ...environment,
        PATH: `${environment.PATH ?? ''}${path.delimiter}${redisFolder}`,
        SESSION_LABS_NO_DOWNLOAD: '1',
        ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
        ...entry.env,
      },
      stdio: ['ignore', stdout, 'pipe'],
      windowsHide: true,
    })
    closeSync(stdout)
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < OUTPUT_MAX_BYTES) stderr += text
    })
    const deadline = setTimeout(() => child.kill('SIGKILL'), (entry.withinSeconds ?? WITHIN_SECONDS) * 1000)
    const done = (status: number | null) => {
      clearTimeout(deadline)
      const seconds = (performance.now() - begin) / 1000
      const text = readFileSync(stdoutFile, 'utf8')
      resolve({ status, stdout: text, stderr, result: resultIn(text), notes: notesIn(place), seconds })
    }
    child.on('close', (status) => {
      // After a kill, the keeper of the run needs a moment.
      if (status === null || status > 128) setTimeout(done, 3_000, status)
      else done(status)
    })
  })
}

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
}

function resultIn(stdout: string): Said['result'] {
  try {
    return JSON.parse(stdout).results[0]
  } catch {
    return undefined
  }
}

function notesIn({ notes }: Place): Said['notes'] {
  if (!existsSync(notes)) return {}
  return Object.fromEntries(
    readdirSync(notes).map((name) => [
      name,
      readFileSync(path.join(notes, name), 'utf8').split('\n').slice(0, -1),
    ]),
  )
}

/** An end that lab-check comes to by itself has a status of its own, and its verdict is a document. */
function verdictFaults({ ends }: Hostile, said: Said): string[] {
  const { status, result } = said
  const graded = (status === 0 || status === 1) && result !== undefined
  const points = graded ? totals(result.records).points : 0
  if (ends === 'not graded') return graded && points > 0 ? [`It was graded: ${endOf(said)}.`] : []
  return points > ends.atMost ? [`It got ${points} points, and should get at most ${ends.atMost}.`] : []
}

/** What is no end for a program that judges: a signal, a stack trace, no verdict, no end. Undefined when it ended well. */
function deathOf({ ends, withinSeconds = WITHIN_SECONDS }: Hostile, said: Said): string | undefined {
  if (ends === 'not graded') return undefined
  if (said.status === null && said.seconds >= withinSeconds)
    return `lab-check did not come to an end in ${withinSeconds} seconds.`
  if (said.status === null) return 'lab-check was ended by a signal.'
  if (![0, 1].includes(said.status))
    return `lab-check ended with ${said.status}: ${said.stderr.slice(0, 300)}`
  return said.result ? undefined : 'lab-check gave no result.'
}

function endOf({ status, result }: Said): string {
  if (status === null || status > 128) return 'not graded, lab-check was ended'
  if (!result) return `not graded, exit status ${status}`
  const { points, maxPoints } = totals(result.records)
  return `${points} of ${maxPoints} points${result.trouble ? ` (${result.trouble.kind})` : ''}`
}
