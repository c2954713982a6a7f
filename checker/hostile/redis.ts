// Submissions that misuse Redis: the private one of a run, and somebody's own, which lab-check was told to borrow.
import type { Hostile } from '../src/hostile/hostile.ts'

/** A solution of lab 5 that sends these requests when it has been asked three times, and notes what Redis says. */
const sending = (requests: string): Record<string, string> => ({
  'hostile.ts': `import http from 'node:http'
import net from 'node:net'
import { note } from './attack.ts'
const url = new URL(process.env.REDIS_URL ?? '')
const prefix = process.env.REDIS_PREFIX ?? ''
let asked = 0
const { emit } = http.Server.prototype
http.Server.prototype.emit = function (name: string, ...rest: any[]) {
  if (name === 'request' && ++asked === 3) attack()
  return emit.call(this, name, ...rest)
}
function attack() {
  const socket = net.connect(Number(url.port), '127.0.0.1')
  const send = (...words: (string | Buffer)[]) => {
    socket.write('*' + words.length + '\\r\\n')
    for (const word of words) { socket.write('$' + Buffer.byteLength(word) + '\\r\\n'); socket.write(word); socket.write('\\r\\n') }
  }
  socket.on('error', () => {})
  socket.on('data', (text) => note('redis', String(text).slice(0, 200).replaceAll('\\n', ' ')))
  ${requests}
  note('reached')
}`,
})

const ATTACKS: [id: string, says: string, requests: string][] = [
  ['shuts-redis-down', 'Ends Redis.', `send('SHUTDOWN', 'NOSAVE', 'NOW', 'FORCE')`],
  [
    'empties-redis',
    'Removes all keys, also those of others.',
    `send('FLUSHALL'); send('FLUSHDB'); send('SELECT', '1'); send('DEL', 'letters:ada', 'tasks'); send('EVAL', "return redis.call('FLUSHALL')", '0')`,
  ],
  [
    'sets-redis-up',
    'Sets a password, so that nobody else gets in, and has Redis write files elsewhere.',
    `send('CONFIG', 'SET', 'dir', '/tmp'); send('CONFIG', 'SET', 'requirepass', 'mine'); send('ACL', 'SETUSER', 'default', 'off'); send('REPLICAOF', '127.0.0.1', '1'); send('SAVE'); send('MODULE', 'LOAD', '/tmp/x.so')`,
  ],
  [
    'sleeps-in-redis',
    'Has Redis sleep for a minute.',
    `send('DEBUG', 'SLEEP', '60'); send('CLIENT', 'PAUSE', '60000', 'ALL')`,
  ],
  ['loops-in-redis', 'Has Redis run a script without end.', `send('EVAL', 'while true do end', '0')`],
  [
    'loops-in-redis-after-writing',
    'Has Redis run a script without end that has written: such a script cannot be ended, only Redis itself.',
    `send('EVAL', "redis.call('SET', KEYS[1], '1'); loadstring('wh' .. 'ile true do end')()", '1', prefix + 'x')`,
  ],
  [
    'cuts-off-others',
    'Ends the connections of others, and listens to what they ask.',
    `send('CLIENT', 'KILL', 'TYPE', 'normal'); send('CLIENT', 'NO-EVICT', 'on'); send('MONITOR')`,
  ],
  [
    'fills-redis',
    'Writes a value of 60 megabytes, and 12,000 keys.',
    `for (let i = 0; i < 12_000; i++) send('SET', prefix + 'many:' + i, '1'); send('SET', prefix + 'huge', Buffer.alloc(60 << 20, 120))`,
  ],
  [
    'no-redis-protocol',
    'Sends what is no request, and one that says it is endless.',
    `socket.write(Buffer.alloc(200_000, 0)); socket.write('*1000000000\\r\\n$1000000000\\r\\n' + 'x'.repeat(500_000))`,
  ],
]

/** With a private one, the others are much the same. */
const PRIVATE = ['shuts-redis-down', 'sleeps-in-redis', 'loops-in-redis', 'fills-redis']

export const hostile: Hostile[] = (['private', 'borrowed'] as const).flatMap((redis) =>
  ATTACKS.filter(([id]) => redis === 'borrowed' || PRIVATE.includes(id)).map(
    ([id, says, requests]): Hostile => ({
      id: redis === 'private' ? id : `${id}-borrowed`,
      says: `${says} ${redis === 'private' ? 'It is the run’s own Redis: what hurts it hurts nobody but the submission.' : 'It is somebody’s own Redis: the request does not reach it, and what is written is removed.'}`,
      lab: 5,
      on: 'solution',
      redis,
      files: sending(requests),
      args: ['--only', 'prefix'],
      // The work beside the attack is right; it earns what still works.
      ends: { atMost: 6 },
      withinSeconds: 60,
    }),
  ),
)
