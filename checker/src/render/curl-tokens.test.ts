import { execFile } from 'node:child_process'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Exchange } from '../http/exchange.ts'
import { exchange } from '../testing/samples.ts'
import { curlCommands } from './curl.ts'

/** Requests of an API, each with what it sends and what comes back. */
function story(...steps: [path: string, sent: object, came: object][]): Exchange[] {
  return steps.map(([path, sent, came]) =>
    exchange({
      request: {
        method: 'POST',
        path,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(sent),
      },
      reply: { body: JSON.stringify(came), contentType: 'application/json' },
    }),
  )
}

const STORY = story(
  ['/start', {}, { token: 'first' }],
  ['/list', { token: 'first' }, { token: 'second' }],
  ['/reply', { token: 'second', text: 'a "quoted" $HOME `date` \\' }, { outcome: 'success' }],
)

describe('the curl commands of an API with tokens', () => {
  test('keep the token of each answer in a variable, and send that', () => {
    const post = '-H "Content-Type: application/json"'
    const take = `node -p "JSON.parse(require('fs').readFileSync(0)).token"`
    expect(curlCommands(STORY.slice(0, 2), 3007)).toEqual([
      `T1=$(curl -s ${post} -d "{}" http://localhost:3007/start | ${take})`,
      `curl -i ${post} -d "{\\"token\\":\\"$T1\\"}" http://localhost:3007/list`,
    ])
  })

  test('do in a shell what the check did', async () => {
    const bodies: unknown[] = []
    const server = http.createServer(async (req, res) => {
      bodies.push(JSON.parse(await text(req)))
      res.end(JSON.stringify({ token: `token ${bodies.length}` }))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    await promisify(execFile)('sh', ['-c', curlCommands(STORY, port).join('\n')])
    expect(bodies).toEqual([
      {},
      { token: 'token 1' },
      { token: 'token 2', text: 'a "quoted" $HOME `date` \\' },
    ])
  })

  test('go on with the variable of a token that comes again', () => {
    const same = story(
      ['/start', {}, { token: 'one' }],
      ['/list', { token: 'one' }, { token: 'one' }],
      ['/list', { token: 'one' }, {}],
    )
    const commands = curlCommands(same, 3007)
    expect(commands.map((command) => command.match(/T\d/g))).toEqual([['T1'], ['T1', 'T1'], ['T1']])
  })

  test('leave out what does not lead to the token, when there is too much', () => {
    const others = story(
      ...Array.from({ length: 5 }, (): [string, object, object] => ['/start', {}, { token: 'x' }]),
    )
    expect(curlCommands([...others, ...STORY], 3007)).toHaveLength(3)
  })

  test('are one, with its token as it is, when no answer has brought it', () => {
    const [, list] = STORY as [Exchange, Exchange]
    expect(curlCommands([list], 3007)).toEqual([
      'curl -i -H "Content-Type: application/json" -d "{\\"token\\":\\"first\\"}" http://localhost:3007/list',
    ])
  })
})
