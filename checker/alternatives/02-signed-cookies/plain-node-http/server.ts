// Node's own http module alone: no Express, a switch over method and path, Set-Cookie written by hand.
// The JSON also has what the last command did, as a sentence, so that the rest of it can become shorter.
import { createHmac, timingSafeEqual } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type Game,
  lastSentence,
  newGame,
  parseGame,
  play,
} from '../../../../solutions/02-signed-cookies/game.ts'
import { gamePage, loginPage, welcomePage } from '../../../../solutions/02-signed-cookies/pages.ts'

const secrets = (process.env.SESSION_SECRET || 'not for production').split(',').filter(Boolean)
const limitSeconds = Number(process.env.GAME_SECONDS || 3600)
const attributes = 'Path=/; HttpOnly; SameSite=Lax'

const seconds = () => Math.floor(Date.now() / 1000)

function mac(secret: string, name: string, payload: string, issued: string): Buffer {
  return createHmac('sha256', secret).update(`${name}.${payload}.${issued}`).digest()
}

function setCookie(name: string, text: string, issued = String(seconds())): string {
  const payload = Buffer.from(text, 'utf8').toString('base64url')
  const signature = mac(secrets[0] ?? '', name, payload, issued).toString('base64url')
  return `${name}=${payload}.${issued}.${signature}; ${attributes}`
}

interface Found {
  text: string
  issued: string
  old: boolean
}

function find(req: IncomingMessage, name: string): Found | null {
  const match = new RegExp(`(?:^|;)\\s*${name}=([\\w-]*)\\.(\\d{1,12})\\.([\\w-]{43})(?=\\s*(?:;|$))`).exec(
    req.headers.cookie ?? '',
  )
  const [, payload, issued, signature] = match ?? []
  if (payload === undefined || issued === undefined || signature === undefined) return null
  if (seconds() - Number(issued) > limitSeconds) return null
  const given = Buffer.from(signature, 'latin1')
  for (const secret of secrets) {
    if (timingSafeEqual(given, Buffer.from(mac(secret, name, payload, issued).toString('base64url')))) {
      const text = Buffer.from(payload, 'base64url').toString('utf8')
      return { text, issued, old: secret !== secrets[0] }
    }
  }
  return null
}

const toJson = (game: Game) => JSON.stringify({ says: lastSentence(game), game })
const toGame = (json: string | undefined) =>
  json === undefined ? newGame() : parseGame(JSON.stringify(JSON.parse(json).game))

async function form(req: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of req) body += chunk
  return new URLSearchParams(body)
}

function answer(res: ServerResponse, status: number, text: string, cookies: string[] = []): void {
  if (cookies.length > 0) res.setHeader('Set-Cookie', cookies)
  res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(text)
}

function goTo(res: ServerResponse, path: string, cookies: string[] = []): void {
  if (cookies.length > 0) res.setHeader('Set-Cookie', cookies)
  res.writeHead(303, { Location: path }).end()
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const player = find(req, 'player')
  const game = find(req, 'game')
  switch (`${req.method} ${new URL(req.url ?? '/', 'http://localhost').pathname}`) {
    case 'GET /': {
      const again: string[] = []
      if (player?.old) again.push(setCookie('player', player.text, player.issued))
      if (game?.old) again.push(setCookie('game', game.text, game.issued))
      const page = player ? gamePage({ player: player.text, game: toGame(game?.text) }) : welcomePage()
      return answer(res, 200, page, again)
    }
    case 'GET /login':
      return answer(res, 200, loginPage())
    case 'POST /login': {
      const name = (await form(req)).get('name')?.trim() ?? ''
      if (name.length < 1 || name.length > 500) return answer(res, 422, 'A name has 1 to 500 characters.')
      return goTo(res, '/', [setCookie('player', name), setCookie('game', toJson(newGame()))])
    }
    case 'POST /play': {
      const command = (await form(req)).get('command')
      if (!player) return goTo(res, '/login')
      if (command === null) return answer(res, 400, 'There is no command.')
      const next = setCookie('game', toJson(play(toGame(game?.text), command)))
      if (next.length - attributes.length - '=; '.length > 4096) return answer(res, 413, 'That is too long.')
      return goTo(res, '/', [setCookie('player', player.text), next])
    }
    case 'POST /logout':
      return goTo(
        res,
        '/',
        ['player', 'game'].map((name) => `${name}=; Max-Age=0; ${attributes}`),
      )
    default:
      return answer(res, 404, 'There is no such page.')
  }
}

http
  .createServer((req, res) => {
    handle(req, res).catch(() => answer(res, 500, 'Something went wrong.'))
  })
  .listen(Number(process.env.PORT ?? 3002), '127.0.0.1')
