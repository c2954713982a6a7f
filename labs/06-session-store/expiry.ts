// When a session ends.
import type { StoredSession } from './stored-session.ts'

/**
 * Whether a session has ended: nobody has used it for so long, or its cookie has an end and that has come.
 * @param timeoutSeconds undefined: a session that nobody uses does not end
 */
export function hasEnded(
  { lastAccessMs, session }: StoredSession,
  timeoutSeconds: number | undefined,
): boolean {
  // TODO(4): compare both with the clock.
  return false
}
