// A middleware puts req.session together before every route and writes it when the headers go out, as libraries do.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port, seconds, sessionSecrets } from '../../../../labs/kit/config.ts'
import { type Game, newGame, parseGame, play } from '../../../../solutions/02-signed-cookies/game.ts'
import { gamePage, loginPage, welcomePage } from '../../../../solutions/02-signed-cookies/pages.ts'

interface Session {
  player?: string
  game?: Game
}

interface Carried {
  text: string
  seconds: number
  keyIndex: number
}

const keyRing = sessionSecrets()
const idleLimit = seconds('GAME_SECONDS', 3600)
const sessions = new WeakMap<Request, { session: Session; changed: boolean; ended: boolean }>()

const clock = () => Math.floor(Date.now() / 1000)
const digest = (key: string, text: string) => createHmac('sha256', key).update(text).digest()

const pack = (name: string, text: string, at: number) => {
  const signed = [name, Buffer.from(text).toString('base64url'), at].join('.')
  return `${signed.slice(name.length + 1)}.${digest(keyRing[0], signed).toString('base64url')}`
}

const unpack = (name: string, value: string | undefined): Carried | undefined => {
  const parts = value?.match(/^([A-Za-z0-9_-]+)\.([1-9][0-9]{0,14})\.([A-Za-z0-9_-]{43})$/)
  if (!parts) return undefined
  const [, payload = '', issued = '', signature = ''] = parts
  const given = Buffer.from(signature, 'base64url')
  // Two spellings of the last character decode to the same bytes, and only one of them is the signature.
  if (given.toString('base64url') !== signature) return undefined
  const keyIndex = keyRing.findIndex((key) =>
    timingSafeEqual(digest(key, `${name}.${payload}.${issued}`), given),
  )
  if (keyIndex === -1 || clock() > Number(issued) + idleLimit) return undefined
  return { text: Buffer.from(payload, 'base64url').toString('utf8'), seconds: Number(issued), keyIndex }
}

const cookiesOf = (req: Request): Map<string, string> =>
  new Map(
    (req.headers.cookie ?? '').split('; ').map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )

const header = (name: string, value: string, more = '') =>
  `${name}=${value}; HttpOnly; Path=/; SameSite=Lax${more}`

const cookieSession: RequestHandler = (req, res, next) => {
  const cookies = cookiesOf(req)
  const player = unpack('player', cookies.get('player'))
  const game = unpack('game', cookies.get('game'))
  const entry = {
    session: { player: player?.text, game: player && parseGame(game?.text) } as Session,
    changed: false,
    ended: false,
  }
  sessions.set(req, entry)
  const { writeHead } = res
  // Whoever answers calls writeHead, at the latest with the first byte.
  res.writeHead = function (this: Response, ...args: unknown[]) {
    if (entry.ended) {
      for (const name of ['player', 'game']) this.appendHeader('Set-Cookie', header(name, '', '; Max-Age=0'))
    } else if (entry.changed && this.statusCode < 400) {
      this.appendHeader('Set-Cookie', header('player', pack('player', entry.session.player ?? '', clock())))
      this.appendHeader('Set-Cookie', header('game', packedGame(entry.session)))
    } else {
      for (const [name, one] of Object.entries({ player, game })) {
        if (one && one.keyIndex > 0)
          this.appendHeader('Set-Cookie', header(name, pack(name, one.text, one.seconds)))
      }
    }
    return Reflect.apply(writeHead, this, args)
  } as typeof res.writeHead
  next()
}

const packedGame = (session: Session) => pack('game', JSON.stringify(session.game ?? newGame()), clock())

const sessionOf = (req: Request): Session => sessions.get(req)?.session ?? {}

const setSession = (req: Request, session: Session): void => {
  if (`game${packedGame(session)}`.length > 4096) throw new Refusal(413, 'The game no longer fits.')
  const entry = sessions.get(req)
  if (entry) Object.assign(entry, { session, changed: true })
}

const app = createApp()
app.use(cookieSession)

app.get('/', (req, res) => {
  const { player, game = newGame() } = sessionOf(req)
  res.send(player === undefined ? welcomePage() : gamePage({ player, game }))
})
app.get('/login', (_req, res) => {
  res.send(loginPage())
})
app.post('/login', (req, res) => {
  const player = field(req, 'name').trim()
  if (player.length === 0 || [...player].length > 500) throw new Refusal(400, '1 to 500 characters, please.')
  setSession(req, { player, game: newGame() })
  res.redirect(303, '/')
})
app.post('/play', (req, res) => {
  const { player, game = newGame() } = sessionOf(req)
  if (player !== undefined) setSession(req, { player, game: play(game, field(req, 'command')) })
  res.redirect(303, player === undefined ? '/login' : '/')
})
app.post('/logout', (req, res) => {
  const entry = sessions.get(req)
  if (entry) entry.ended = true
  res.redirect(303, '/')
})

serve(app, port(3002))
