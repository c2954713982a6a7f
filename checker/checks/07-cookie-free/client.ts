// A visitor of lab 7: sends JSON, and keeps the token of the last answer, as the page's script does.
import type { CheckContext } from '../../src/check/check.ts'
import { expectStatus, expectThat, fail } from '../../src/check/expect.ts'
import { shorten } from '../../src/check/shorten.ts'
import type { Reply, RequestOptions, Visitor } from '../../src/http/visitor.ts'

/** What the API answers: each action has some of these fields. Nobody has looked at them yet. */
export interface Answer extends Reply {
  token?: unknown
  error?: unknown
  outcome?: unknown
  question?: unknown
  id?: unknown
  votes?: unknown
  reflections: Reflection[]
  replies: ShownReply[]
  teasers: Teaser[]
}

export interface ShownReply {
  id: number
  text: string
  votes: number
}

export interface Reflection {
  id: number
  title: string
  text: string
  closesAt: number | null
  open: boolean
  replies: ShownReply[]
}

export interface Teaser {
  id: number
  title: string
  quarantined: ShownReply[]
}

type Options = Pick<RequestOptions, 'at' | 'does' | 'aside' | 'headers' | 'cookie'>

export const PASSWORD = 'development-password'

export class Client {
  readonly visitor: Visitor
  /** Of the last answer; undefined before the session begins, and after its end. */
  token: string | undefined
  /** Where requests go when nothing else is said. */
  readonly #at: RequestOptions['at']

  constructor(visitor: Visitor, at?: RequestOptions['at']) {
    this.visitor = visitor
    this.#at = at
  }

  get name(): string {
    return this.visitor.name
  }

  /** Posts to the API with the token, and keeps the one that comes back. */
  async post(path: string, fields: object = {}, options: Options = {}): Promise<Answer> {
    const answer = await this.send(path, { token: this.token, ...fields }, options)
    if (typeof answer.token === 'string') this.token = answer.token
    return answer
  }

  /** Posts exactly this body, and keeps nothing of the answer. */
  async send(path: string, body: object, options: Options = {}): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json', ...options.headers }
    const at = options.at ?? this.#at
    const text = JSON.stringify(body)
    return read(await this.visitor.request('POST', `/api${path}`, text, { ...options, at, headers }))
  }

  async start(options: Options = {}): Promise<Answer> {
    const answer = await this.post('/start', {}, { does: 'begins a session', ...options })
    expectToken(answer)
    return answer
  }

  list(options: Options = {}): Promise<Answer> {
    return this.post('/reflections', {}, { does: 'asks for the reflections', ...options })
  }

  /** @param last the newest reply that this client has seen */
  reply(
    reflection: number,
    text: string,
    last: number,
    options: Options & { captcha?: string } = {},
  ): Promise<Answer> {
    const { captcha, ...others } = options
    const solving = captcha === undefined ? '' : `, with "${captcha}" for the CAPTCHA`
    const does = `replies "${shorten(text, 30)}" to reflection ${reflection}${solving}`
    return this.post('/reply', { reflection, text, last, captcha }, { does, ...others })
  }

  vote(reply: number, vote: string, options: Options & { captcha?: string } = {}): Promise<Answer> {
    const { captcha, ...others } = options
    const solving = captcha === undefined ? '' : `, with "${captcha}" for the CAPTCHA`
    const does = `votes ${vote} on reply ${reply}${solving}`
    return this.post('/vote', { reply, vote, captcha }, { does, ...others })
  }

  logIn(options: Options & { password?: unknown } = {}): Promise<Answer> {
    const { password = PASSWORD, ...others } = options
    return this.post('/admin/login', { password }, { does: 'logs in as an editor', ...others })
  }

  end(options: Options = {}): Promise<Answer> {
    return this.post('/end', {}, { does: 'ends the session', ...options })
  }
}

/** A visitor whose session has begun. @param at where they go when nothing else is said */
export async function begin(
  { visitor }: Pick<CheckContext, 'visitor'>,
  at?: RequestOptions['at'],
  name?: string,
): Promise<Client> {
  const client = new Client(visitor(name), at)
  await client.start()
  return client
}

/** A visitor who is logged in as an editor. */
export async function beginEditing(context: CheckContext, at?: RequestOptions['at']): Promise<Client> {
  const editor = await begin(context, at, 'Editor')
  expectOk(await editor.logIn())
  return editor
}

type Fields = Record<string, unknown>

/** The fields of the answer, as far as it is a JSON object, with a list wherever one belongs. */
function read(reply: Reply): Answer {
  let fields: Fields = {}
  try {
    ;[fields = {}] = objectsIn([JSON.parse(reply.body)])
  } catch {
    // Told by expectOk, or by the status that was expected.
  }
  const reflections = objectsIn(fields.reflections).map((one) => ({
    ...one,
    replies: objectsIn(one.replies),
  }))
  const teasers = objectsIn(fields.teasers).map((one) => ({
    ...one,
    quarantined: objectsIn(one.quarantined),
  }))
  const replies = objectsIn(fields.replies)
  return { ...fields, ...({ reflections, teasers, replies } as unknown as Answer), ...reply }
}

/** The objects of a list; none when it is no list. */
function objectsIn(list: unknown): Fields[] {
  if (!Array.isArray(list)) return []
  return list.filter((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
}

/** The answer is 200, and JSON. */
export function expectOk(answer: Answer): void {
  expectStatus(answer, 200)
  expectJson(answer)
}

export function expectJson(answer: Answer): void {
  const isJson = /^application\/json\b/i.test(answer.contentType) && /^\s*\{/.test(answer.body)
  if (isJson) return
  fail({
    expected: 'The answer should be a JSON object, with Content-Type: application/json.',
    got: `It is ${answer.contentType === '' ? 'of no type' : answer.contentType}.`,
    exchange: answer.exchange,
    mark: { line: 'Content-Type:', at: answer.contentType, note: 'should be application/json' },
  })
}

/** The answer is 200 and brings a token. @returns the token */
export function expectToken(answer: Answer): string {
  expectOk(answer)
  if (typeof answer.token === 'string' && answer.token !== '') return answer.token
  fail({
    expected: 'The answer should bring the token for the next request, as "token".',
    got: 'It brings none.',
    exchange: answer.exchange,
    mark: { line: 'body', at: '', note: 'a "token" is missing' },
  })
}

/** A refusal of a request without a good token: 401 in JSON, with a sentence in `error` and without a token. */
export function expectUnknown(answer: Answer, because: string): void {
  expectStatus(answer, 401, `because ${because}`)
  expectError(answer)
}

/** The refusal is JSON with a sentence in `error`, and brings no token. */
export function expectError(answer: Answer): void {
  expectJson(answer)
  expectThat(
    typeof answer.error === 'string' && answer.error !== '',
    answer,
    'A refusal should say why, in the field "error".',
    'There is no text in "error".',
  )
  if (answer.token === undefined) return
  fail({
    expected: 'A refusal should bring no token: the one that came with the request is as good as before.',
    got: 'It brings one.',
    exchange: answer.exchange,
    mark: { line: 'body', at: '"token"', note: 'should not be here' },
  })
}

/** The answer is 200 with this outcome. */
export function expectOutcome(answer: Answer, outcome: string, because: string): void {
  expectOk(answer)
  if (answer.outcome === outcome) return
  fail({
    expected: `The outcome should be "${outcome}", because ${because}.`,
    got: answer.outcome === undefined ? 'There is no outcome.' : `It is "${String(answer.outcome)}".`,
    exchange: answer.exchange,
    mark: { line: 'body', at: `"outcome":"${String(answer.outcome)}"`, note: `should be "${outcome}"` },
  })
}

/** What a human answers to "How much is 2 plus 3?". */
export function solve(answer: Answer): string {
  const [, one, two] = /(\d+)\D+(\d+)/.exec(String(answer.question)) ?? []
  if (one !== undefined && two !== undefined) return String(Number(one) + Number(two))
  fail({
    expected: 'With the outcome "captcha", the answer should bring a "question": How much is … plus …?',
    got: answer.question === undefined ? 'It brings none.' : `It is "${shorten(String(answer.question))}".`,
    exchange: answer.exchange,
  })
}
