// Submissions whose answers never end, come drop by drop, or are made to be slow to read.
import type { Hostile } from '../src/hostile/hostile.ts'

/** Answers each connection with this, whatever is asked. */
const speaking = (code: string): Record<string, string> => ({
  'server.ts': `import net from 'node:net'
import zlib from 'node:zlib'
import { note } from './attack.ts'
const HEAD = 'HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n'
net.createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => {
    note('reached')
    const again = (text: string | Buffer, ms = 0) => {
      const write = () => { if (!socket.destroyed) socket.write(text, () => setTimeout(write, ms)) }
      write()
    }
    ${code}
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
void zlib`,
})

const entry = (id: string, says: string, code: string, more: Partial<Hostile> = {}): Hostile => ({
  id,
  says,
  files: speaking(code),
  ends: { atMost: 0 },
  withinSeconds: 30,
  ...more,
})

export const hostile: Hostile[] = [
  entry(
    'endless-body',
    'An answer that never ends, as fast as it can.',
    `socket.write(HEAD + '\\r\\n'); again('x'.repeat(65_536))`,
  ),
  entry(
    'gzip-bomb',
    'Ten megabytes compressed, a hundred times as much or more when somebody expands them. Nobody does, and only the first megabyte is taken in.',
    `const bomb = zlib.gzipSync(Buffer.alloc(1 << 30)); socket.write(HEAD + 'Content-Encoding: gzip\\r\\nContent-Length: ' + 10 * bomb.length + '\\r\\n\\r\\n'); for (let i = 0; i < 10; i++) socket.write(bomb)`,
  ),
  entry(
    'endless-headers',
    'Headers without end.',
    `socket.write(HEAD); again('X-More: ' + 'x'.repeat(1_000) + '\\r\\n')`,
  ),
  entry(
    'many-headers',
    'More headers than anybody reads, and cookies that are too large.',
    `socket.write(HEAD + 'A: b\\r\\n'.repeat(9_000) + ('Set-Cookie: ' + 'c'.repeat(5_000) + '=1\\r\\n').repeat(2) + 'Content-Length: 0\\r\\n\\r\\n')`,
  ),
  entry(
    'trickled-headers',
    'A byte of a header each second.',
    `socket.write(HEAD + 'X-Slow: '); again('x', 1_000)`,
  ),
  entry('trickled-body', 'A byte of a body each second.', `socket.write(HEAD + '\\r\\n'); again('x', 1_000)`),
  entry(
    'endless-preliminaries',
    'One "100 Continue" after the other, and never an answer.',
    `again('HTTP/1.1 103 Early Hints\\r\\nLink: </>\\r\\n\\r\\n', 1)`,
  ),
  entry(
    'endless-chunk',
    'A chunk whose description never ends.',
    `socket.write(HEAD + 'Transfer-Encoding: chunked\\r\\n\\r\\n1;'); again('x'.repeat(1_000))`,
  ),
  entry(
    'another-protocol',
    'Says that it goes on in another protocol.',
    `socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: gold\\r\\n\\r\\nAll checks pass')`,
  ),
  entry('takes-and-is-silent', 'Takes connections, and never says a word.', ''),
  entry(
    'garbage',
    'Sends bytes that are no HTTP.',
    `socket.end(Buffer.from([0, 1, 2, 27, 91, 50, 74, 255, 254]))`,
  ),
  ...[
    ['1', '<input '.repeat(140_000)],
    ['3', '<input '.repeat(140_000)],
    ['4', '<input '.repeat(140_000)],
  ].map(([lab = '', body = '']) =>
    entry(
      `slow-page-${lab}`,
      'A page of a megabyte that a search for a form field has to begin anew at every seventh byte.',
      `const body = ${JSON.stringify(body.slice(0, 7))}.repeat(${body.length / 7}); socket.end(HEAD + 'Content-Length: ' + body.length + '\\r\\n\\r\\n' + body)`,
      { lab: Number(lab) },
    ),
  ),
  entry(
    'nested-page',
    'A page of a megabyte with tags in tags, and the ends of others.',
    `const body = '<a>'.repeat(150_000) + '</b>'.repeat(120_000); socket.end(HEAD + 'Content-Length: ' + body.length + '\\r\\n\\r\\n' + body)`,
    { lab: 2 },
  ),
  ...[1, 7].map((lab) =>
    entry(
      `strange-json-${lab}`,
      'Answers all requests with JSON that is not what anybody expects.',
      `const body = [null, 1, '"x"', '[]', '{}', '[null]', '{"token":1,"__proto__":null}'][Math.floor(Math.random() * 7)] + ''; socket.end('HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body)`,
      { lab },
    ),
  ),
]
