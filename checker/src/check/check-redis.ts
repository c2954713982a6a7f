// The run's Redis as a check sees it.
import type { StoredKey } from '../redis/keys.ts'
import type { RunRedis } from '../redis/open-redis.ts'

export class CheckRedis {
  /** What every key has to begin with: REDIS_PREFIX of all instances. */
  readonly prefix: string
  /** Whether it was stopped or hung in this check. */
  interrupted = false
  readonly #redis: RunRedis
  readonly #tell: (says: string) => void

  /**
   * Made as a check begins: what `foreign` and `commands` tell begins here.
   * @param tell what happens to Redis is part of the check's story
   */
  constructor(redis: RunRedis, tell: (says: string) => void) {
    this.prefix = redis.prefix
    this.#redis = redis
    this.#tell = tell
    redis.traffic.forgetStory()
  }

  /** Redis dies: connections are cut, new ones refused. */
  stop(): Promise<void> {
    this.interrupted = true
    this.#tell('Redis dies.')
    return this.#redis.stop()
  }

  /** Redis hangs: it takes connections and requests, and answers nothing. */
  hang(): Promise<void> {
    this.interrupted = true
    this.#tell('Redis hangs: it answers nothing any more.')
    return this.#redis.hang()
  }

  /** As `stop`, in the middle of a request: each of these keys can be asked about once before connections are cut. */
  stopAfter(keys: string[]): Promise<void> {
    this.interrupted = true
    this.#tell('Redis dies while the next request is at work.')
    return this.#redis.stopAfter(keys)
  }

  /** As `hang`, in the same way. */
  hangAfter(keys: string[]): Promise<void> {
    this.interrupted = true
    this.#tell('Redis hangs: it answers nothing any more, here and there after a first answer.')
    return this.#redis.hangAfter(keys)
  }

  /** Redis is there again, with the data that it had. Also done after each check. */
  start(): Promise<void> {
    this.#tell('Redis is there again.')
    return this.#redis.start()
  }

  /** The keys below the prefix that Redis holds now, of all checks so far. @throws Error while it is stopped */
  keys(): Promise<StoredKey[]> {
    return this.#redis.keys()
  }

  /** Keys that were written in this check though they do not begin with the prefix. */
  foreign(): string[] {
    return this.#redis.traffic.foreign()
  }

  /** What the instances asked of Redis in this check, as `NAME argument`: `SET session-labs:…`. */
  commands(): string[] {
    return this.#redis.traffic.commands()
  }
}
