// Passwords: a salted and slow hash is stored, from which nobody gets the password back.
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { passwordCost } from './settings.ts'
import { SALT_BYTES, slowHash } from './slow-hash.ts'

/** The text to store for the password: `scrypt$<cost>$<salt>$<hash>`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  // TODO(2): hash the password with a salt of its own.
  return ''
}

/**
 * Whether `stored` was made from this password.
 * Takes the same time when there is no such user, and so nothing stored.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  // TODO(3): hash the password once more, and compare; work as long when nothing is stored.
  return false
}
