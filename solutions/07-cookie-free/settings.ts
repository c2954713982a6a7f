// What can be set: from the environment for the server, and by hand for a test. Given: nothing to do here.
import { seconds } from '#kit/config.ts'

export interface Settings {
  /** The name of the SQLite file in the data folder, or ':memory:'. */
  database: string
  /** The time, in milliseconds since 1970. A test puts a clock of its own here, and need not wait. */
  now(): number
  /** How a request and its session find each other. Cookies are there for the comparison only. */
  sessionInterface: 'cookie' | 'token'
  adminPassword: string
  /** Whoever replies again within this time gets a CAPTCHA. */
  replySeconds: number
  /** Replies and votes closer together than this taint the session. With 0, none do. */
  humanSeconds: number
  /** A reply with this many more votes down than up is hidden. */
  quarantineVotes: number
  /** How long a token stays good after the next one was sent. */
  graceSeconds: number
  /** A session ends this long after its last request. */
  idleSeconds: number
  /** A session ends this long after it began, whatever happened since. */
  absoluteSeconds: number
  /** Whether an empty database gets two reflections, so that there is something to reply to. */
  withExamples: boolean
}

export const defaultSettings: Settings = {
  database: ':memory:',
  now: Date.now,
  sessionInterface: 'token',
  adminPassword: 'development-password',
  replySeconds: 10 * 60,
  humanSeconds: 1,
  quarantineVotes: 5,
  graceSeconds: 10,
  idleSeconds: 30 * 60,
  absoluteSeconds: 12 * 60 * 60,
  withExamples: false,
}

/** The settings of the server. @throws Error when one of them makes no sense */
export function settingsFromEnvironment(): Settings {
  return {
    database: 'app.sqlite',
    now: Date.now,
    sessionInterface: sessionInterface(process.env.SESSION_INTERFACE || 'token'),
    adminPassword: adminPassword(process.env.ADMIN_PASSWORD),
    replySeconds: seconds('REPLY_SECONDS', defaultSettings.replySeconds),
    humanSeconds: seconds('HUMAN_SECONDS', defaultSettings.humanSeconds),
    quarantineVotes: votes(process.env.QUARANTINE_VOTES || String(defaultSettings.quarantineVotes)),
    graceSeconds: seconds('GRACE_SECONDS', defaultSettings.graceSeconds),
    idleSeconds: seconds('SESSION_IDLE_SECONDS', defaultSettings.idleSeconds),
    absoluteSeconds: seconds('SESSION_ABSOLUTE_SECONDS', defaultSettings.absoluteSeconds),
    withExamples: true,
  }
}

/** The interface that SESSION_INTERFACE names. */
function sessionInterface(given: string): Settings['sessionInterface'] {
  if (given === 'cookie' || given === 'token') return given
  throw new Error(`SESSION_INTERFACE is "${given}", which is neither cookie nor token.`)
}

function adminPassword(given: string | undefined): string {
  if (given) return given
  if (process.env.NODE_ENV !== 'production') return defaultSettings.adminPassword
  throw new Error('ADMIN_PASSWORD is not set, and production needs one.')
}

function votes(given: string): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value
  throw new Error(`QUARANTINE_VOTES is "${given}", which is not a whole number from 1 to 1,000,000.`)
}
