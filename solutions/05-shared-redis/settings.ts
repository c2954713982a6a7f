// What the environment tells the app. Given: nothing to do here.
import { port, seconds, wholeNumber } from '#kit/config.ts'

/** The TCP port to listen on: PORT, or APP_PORT, or 3005. */
export const listenPort = port(wholeNumber('APP_PORT', 3005, 65_535))

/** What the pages call this instance of the app: INSTANCE_NAME, or its port. */
export const instanceName = process.env.INSTANCE_NAME || `port ${listenPort}`

/** A session ends this long after its last request: SESSION_SECONDS, or half an hour. */
export const sessionSeconds = seconds('SESSION_SECONDS', 30 * 60)

/** Where Redis is: REDIS_URL, or this computer. */
export const redisUrl = process.env.REDIS_URL || 'redis://localhost:6379'

/** What every key in Redis begins with: REDIS_PREFIX. Other programs may use the same Redis. */
export const redisPrefix = process.env.REDIS_PREFIX || 'session-labs:'

/** How many proxies in front of the app can be believed: TRUSTED_PROXIES, or none. */
export const trustedProxies = wholeNumber('TRUSTED_PROXIES', 0, 10)
