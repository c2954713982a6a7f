// Passwords: a salted and slow hash is stored, from which nobody gets the password back.
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { passwordCost } from './settings.ts'
import { SALT_BYTES, slowHash } from './slow-hash.ts'

/** The text to store for the password: `scrypt$<cost>$<salt>$<hash>`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await slowHash(password, salt, passwordCost)
  return `scrypt$${passwordCost}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** The hash of a password that nobody knows. */
const nobodysHash = await hashPassword(randomUUID())

/**
 * Whether `stored` was made from this password.
 * Takes the same time when there is no such user, and so nothing stored.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, cost, salt = '', hash = ''] = (stored || nobodysHash).split('$')
  const given = await slowHash(password, Buffer.from(salt, 'base64url'), Number(cost))
  return timingSafeEqual(given, Buffer.from(hash, 'base64url'))
}
