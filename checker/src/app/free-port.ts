// A port that nobody listens on, and that nobody else is given by chance.
import { randomInt } from 'node:crypto'
import { CheckerError } from '../lab/errors.ts'
import { isFree } from '../serve/choose-port.ts'

/**
 * Below the ports that systems hand out by themselves (from 32768 on Linux, 49152 elsewhere): a port from there could
 * be somebody else's by the time that it is used, or used again.
 */
const [FROM, TO] = [20_000, 30_000]

const TRIES = 100

/** @throws CheckerError when no port can be found */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM, TO)
    if (await isFree(port)) return port
  }
  throw new CheckerError(`Of ${TRIES} ports between ${FROM} and ${TO}, none is free.`)
}
