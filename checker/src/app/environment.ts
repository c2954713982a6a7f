// The environment that every lab gets, from `npm run lab` and from the checker alike.

/**
 * What a lab needs to start without set-up. The secret is public, and the same in both places,
 * so that a cookie from a check can be tried against the student's own running app.
 */
export const developmentEnvironment: Record<string, string> = {
  NODE_ENV: 'development',
  SESSION_SECRET: 'development-secret-that-everybody-knows',
}

/** What an app has to know of its Redis; nothing in a lab that needs none. */
export function redisEnvironment(redis?: { url: string; prefix: string }): Record<string, string> {
  return redis ? { REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix } : {}
}
