// Cookie headers that are larger than usual, and larger than Node takes.
import { NoReply, type Reply } from '../http/visitor.ts'
import { expectNoServerError } from './expect.ts'

/** 12 kB of other cookies: what Node takes (its limit is 16 kB for all headers). */
export function fillers(): string {
  return Array.from({ length: 40 }, (_, index) => `filler${index}=${'x'.repeat(280)}`).join('; ')
}

/** A cookie of 17 kB does no harm. @param send opens a page with exactly this Cookie header */
export async function expectHugeCookieHarmless(
  name: string,
  send: (options: { cookie: string; does: string }) => Promise<Reply>,
): Promise<void> {
  try {
    const reply = await send({ cookie: `${name}=${'x'.repeat(17_000)}`, does: 'sends a cookie of 17 kB' })
    expectNoServerError(reply, 'A huge Cookie header')
  } catch (error) {
    // Node answers 431 and closes at once; the client can see the closing before the answer.
    if (!(error instanceof NoReply) || error.kind !== 'cut') throw error
  }
}
