// What the environment and the clock tell the session. Given: nothing to do here.
import { seconds, sessionSecrets } from '#kit/config.ts'

/** The secrets in SESSION_SECRET, newest first. */
export const secrets = sessionSecrets()

/** How long a player can do nothing and still go on: GAME_SECONDS, or an hour. */
export const idleSeconds = seconds('GAME_SECONDS', 3600)

/** The present time in whole seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
