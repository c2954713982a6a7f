// What is known of Redis's commands: which of them write, which keys they write, and which may reach a borrowed Redis.

const words = (text: string) => text.split(/\s+/).filter(Boolean)

/** How to find the keys among a command's arguments. */
type Keys = (args: string[]) => string[]

const first: Keys = (args) => args.slice(0, 1)
const firstTwo: Keys = (args) => args.slice(0, 2)
const all: Keys = (args) => args
const everySecond: Keys = (args) => args.filter((_, index) => index % 2 === 0)
/** EVAL script numkeys key… */
const counted: Keys = (args) => args.slice(2, 2 + Number(args[1]))

const WRITES = new Map<string, Keys>([
  ...words(
    `SET SETEX PSETEX SETNX GETSET GETDEL GETEX APPEND SETRANGE SETBIT INCR INCRBY INCRBYFLOAT DECR DECRBY
    EXPIRE PEXPIRE EXPIREAT PEXPIREAT PERSIST
    HSET HMSET HSETNX HSETEX HGETDEL HGETEX HINCRBY HINCRBYFLOAT HDEL HEXPIRE HPEXPIRE HEXPIREAT HPEXPIREAT HPERSIST
    LPUSH RPUSH LPUSHX RPUSHX LPOP RPOP LREM LTRIM LSET LINSERT SADD SREM SPOP
    ZADD ZINCRBY ZREM ZREMRANGEBYSCORE ZREMRANGEBYRANK ZPOPMIN ZPOPMAX XADD XDEL XTRIM
    JSON.SET JSON.MERGE JSON.DEL JSON.NUMINCRBY`,
  ).map((name): [string, Keys] => [name, first]),
  ...words('RENAME RENAMENX COPY SMOVE LMOVE RPOPLPUSH').map((name): [string, Keys] => [name, firstTwo]),
  ...words('DEL UNLINK').map((name): [string, Keys] => [name, all]),
  ...words('MSET MSETNX').map((name): [string, Keys] => [name, everySecond]),
  ...words('EVAL EVALSHA').map((name): [string, Keys] => [name, counted]),
])

/** Commands that change no key and nothing about the server. */
const HARMLESS = new Set(
  words(
    `HELLO AUTH PING ECHO QUIT RESET INFO COMMAND TIME DBSIZE ROLE WAIT READONLY
    MULTI EXEC DISCARD WATCH UNWATCH SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE PUBLISH
    GET MGET EXISTS TTL PTTL EXPIRETIME PEXPIRETIME TYPE STRLEN GETRANGE GETBIT TOUCH OBJECT SCAN KEYS RANDOMKEY
    HGET HGETALL HMGET HKEYS HVALS HLEN HEXISTS HSTRLEN HTTL HPTTL HSCAN LRANGE LLEN LINDEX LPOS
    SMEMBERS SCARD SISMEMBER SMISMEMBER SSCAN ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZSCORE ZCARD ZCOUNT
    ZRANK ZSCAN XRANGE XREVRANGE XLEN XREAD JSON.GET JSON.MGET JSON.TYPE EVAL_RO EVALSHA_RO`,
  ),
)

/** What of CLIENT is about the connection itself, not about others. */
const CLIENT = new Set(words('SETINFO SETNAME GETNAME ID INFO TRACKING CACHING NO-EVICT NO-TOUCH REPLY'))

/** What a script must not say. It could say it in another way: this is against accidents, not against attacks. */
const NOT_IN_SCRIPTS = /flush|swapdb|shutdown|config|debug|script|migrate/i

/**
 * Without these words a script has no loop. One that loops without end keeps Redis from everybody, and after it has
 * written, nothing ends it but the end of Redis.
 */
const LOOPS_IN_SCRIPTS = /\b(?:while|repeat|for|goto|function|load\w*|dofile|rep|gsub|gmatch)\b/

/** The keys that a request writes, renews or removes; none for a request that only reads. */
export function writtenKeys([name = '', ...args]: string[]): string[] {
  return WRITES.get(name.toUpperCase())?.(args) ?? []
}

/** Whose Redis it is decides what may reach it. */
export interface Borrowed {
  /** What every key that is written has to begin with. */
  prefix: string
  /** The number of the database that the URL names. */
  database: string
}

/**
 * Why a request must not reach the student's own Redis; undefined when it may.
 * Only what is known to be harmless, and writing below the run's prefix, gets through.
 * @param count how many words the request has, of which `request` may be the first
 */
export function refusal(
  request: string[],
  count: number,
  { prefix, database }: Borrowed,
): string | undefined {
  const [given = '', ...args] = request
  const name = given.toUpperCase()
  const command = `${name} ${args[0] ?? ''}`.trim().slice(0, 60)
  if (name === 'SELECT') return args[0] === database ? undefined : command
  if (name === 'CLIENT') return CLIENT.has((args[0] ?? '').toUpperCase()) ? undefined : command
  if (HARMLESS.has(name)) return undefined
  const keys = WRITES.get(name)
  if (!keys || count > request.length) return command
  if (name === 'EVAL' && [NOT_IN_SCRIPTS, LOOPS_IN_SCRIPTS].some((one) => one.test(args[0] ?? ''))) {
    return 'EVAL of such a script'
  }
  return keys(args).every((key) => key.startsWith(prefix)) ? undefined : command
}
