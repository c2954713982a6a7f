// What the environment tells an app, with a default for everything that has a safe one.
import { mkdirSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import path from 'node:path'

/**
 * Shortest secret that production accepts, in characters. As hexadecimal digits they are 128 bits, the least that OWASP
 * ASVS 5 (11.2.3) accepts; the command below makes 256 bits, the length of the hash (RFC 2104, section 3).
 */
const SECRET_MIN_CHARACTERS = 32

/** The same as from `npm run lab`, for an app that is started without it. */
const DEVELOPMENT_SECRET = 'development-secret-that-everybody-knows'

/** The address at which only this computer can reach an app. */
export const LOOPBACK = '127.0.0.1'

/** The TCP port to listen on: PORT, or `fallback`. */
export function port(fallback: number): number {
  return wholeNumber('PORT', fallback, 65_535)
}

/**
 * The IPv4 address to listen on: HOST, or this computer only. In a container it has to be 0.0.0.0.
 * Some shells keep a name in HOST, of the computer or of its processor; a name is passed over.
 */
export function host(): string {
  const given = process.env.HOST ?? ''
  return isIPv4(given) ? given : LOOPBACK
}

/** A limit in seconds from the environment variable `name`, which ends in _SECONDS. */
export function seconds(name: `${string}_SECONDS`, fallback: number): number {
  return wholeNumber(name, fallback, Number.MAX_SAFE_INTEGER)
}

/** The folder for every file that the app writes: DATA_DIR, or `.data` where the app was started. It is made if missing. */
export function dataDir(): string {
  const folder = path.resolve(process.env.DATA_DIR ?? '.data')
  mkdirSync(folder, { recursive: true })
  return folder
}

/**
 * The secrets in SESSION_SECRET, newest first, separated by commas.
 * Outside production a fixed one stands in, so that a lab starts without set-up.
 * @throws Error in production when there is none, or one is shorter than 32 characters
 */
export function sessionSecrets(): [string, ...string[]] {
  const [newest, ...older] = (process.env.SESSION_SECRET ?? '').split(',').filter((secret) => secret !== '')
  const secrets: [string, ...string[]] = [newest ?? DEVELOPMENT_SECRET, ...older]
  if (process.env.NODE_ENV !== 'production') return secrets
  const howTo = `Make one with: node -p "crypto.randomBytes(32).toString('hex')"`
  if (newest === undefined) throw new Error(`SESSION_SECRET is not set, and production needs one. ${howTo}`)
  const short = secrets.find((secret) => secret.length < SECRET_MIN_CHARACTERS)
  if (short !== undefined) {
    throw new Error(
      `SESSION_SECRET has a secret of ${short.length} characters; production needs ${SECRET_MIN_CHARACTERS}. ${howTo}`,
    )
  }
  return secrets
}

/** The whole number in the environment variable `name`, from 0 to `max`, or `fallback`. */
export function wholeNumber(name: string, fallback: number, max: number): number {
  const given = process.env[name]
  if (given === undefined || given === '') return fallback
  const value = Number(given)
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new Error(`${name} is "${given}", which is not a whole number from 0 to ${max}.`)
}
