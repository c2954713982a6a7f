// Text that the browser keeps for the server: everybody can read it, only the server can write it.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** The secrets that the server knows, newest first. */
export type Secrets = [string, ...string[]]

export interface Verified {
  text: string
  /** When it was signed, in whole seconds since 1970. */
  issued: number
  /** Whether an older secret signed it, so that it has to be signed again. */
  stale: boolean
}

/**
 * The text as a cookie value `<payload>.<issued>.<signature>`, signed with the newest secret.
 * payload is the text in base64url (RFC 4648, section 5), which has no character that a cookie cannot carry.
 * signature is the HMAC-SHA-256 (RFC 2104) of `<name>.<payload>.<issued>` in base64url.
 * @param name the cookie's name: the value is good under no other
 * @param nowSeconds whole seconds since 1970
 */
export function sign(name: string, text: string, secrets: Secrets, nowSeconds: number): string {
  const payload = Buffer.from(text).toString('base64url')
  const [newest] = secrets
  return `${payload}.${nowSeconds}.${signature(`${name}.${payload}.${nowSeconds}`, newest)}`
}

/**
 * What `sign` was given, if one of the secrets signed this value under this name.
 * Undefined for every other text, and for a value that was signed more than `maxAgeSeconds` ago. Never throws.
 */
export function verify(
  name: string,
  value: string,
  secrets: Secrets,
  nowSeconds: number,
  maxAgeSeconds: number,
): Verified | undefined {
  // A part that is missing is the empty text, which is no signature.
  const [payload = '', issued = '', given = '', ...rest] = value.split('.')
  if (rest.length > 0) return undefined
  const signer = secrets.findIndex((secret) =>
    isEqual(given, signature(`${name}.${payload}.${issued}`, secret)),
  )
  if (signer === -1) return undefined
  const ageSeconds = nowSeconds - Number(issued)
  // Not `ageSeconds > maxAgeSeconds`: that is false for NaN too.
  if (!(ageSeconds <= maxAgeSeconds)) return undefined
  return { text: Buffer.from(payload, 'base64url').toString(), issued: Number(issued), stale: signer > 0 }
}

function signature(signed: string, secret: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url')
}

/** Compares in a time that does not tell how many characters were right. */
function isEqual(given: string, expected: string): boolean {
  // As text: decoded, two signatures that differ in the spare bits of the last character would be the same.
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  // timingSafeEqual throws on unequal lengths; the right length is no secret.
  return a.length === b.length && timingSafeEqual(a, b)
}
