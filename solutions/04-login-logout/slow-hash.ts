// scrypt, a hash that is slow on purpose: guessing passwords costs as much for each guess. Given: nothing to do here.
import { scrypt } from 'node:crypto'

/** The r and p that go with a cost of 15 (OWASP Password Storage Cheat Sheet). One hash then takes 32 MiB. */
const BLOCK_SIZE = 8
const PARALLELIZATION = 3

/** Enough that no two users ever get the same salt (RFC 9106, section 3.1, recommends 16 for passwords). */
export const SALT_BYTES = 16

const HASH_BYTES = 32

/** scrypt (RFC 7914) with N = 2^cost: 32 bytes that take time and memory to compute. */
export function slowHash(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const N = 2 ** cost
  // Node refuses 32 MiB and more, unless it is told how much it may take.
  const maxmem = 128 * BLOCK_SIZE * (N + PARALLELIZATION + 2)
  return new Promise((resolve, reject) => {
    const options = { N, r: BLOCK_SIZE, p: PARALLELIZATION, maxmem }
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)))
  })
}
