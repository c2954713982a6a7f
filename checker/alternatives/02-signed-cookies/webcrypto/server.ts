// WebCrypto instead of node:crypto, so everything that signs or verifies is asynchronous.
import express, { type CookieOptions, type Request, type Response } from 'express'
import { type Game, newGame, parseGame, play } from '../../../../solutions/02-signed-cookies/game.ts'
import { gamePage, loginPage, welcomePage } from '../../../../solutions/02-signed-cookies/pages.ts'

const { subtle } = globalThis.crypto
const utf8 = new TextEncoder()
const NAMES = ['player', 'game'] as const
const ATTRIBUTES: CookieOptions = { httpOnly: true, sameSite: 'lax' }
const HMAC = { name: 'HMAC', hash: 'SHA-256' }

const keys = Promise.all(
  (process.env.SESSION_SECRET ?? 'nobody should use this one')
    .split(',')
    .filter((secret) => secret.length > 0)
    .map((secret) => subtle.importKey('raw', utf8.encode(secret), HMAC, false, ['sign', 'verify'])),
)
const maxAge = Number.parseInt(process.env.GAME_SECONDS ?? '3600', 10)

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

async function seal(
  name: string,
  text: string,
  issued = `${Math.trunc(Date.now() / 1000)}`,
): Promise<string> {
  const [newest] = await keys
  if (!newest) throw new Error('SESSION_SECRET is empty.')
  const head = `${toBase64Url(utf8.encode(text))}.${issued}`
  const signature = await subtle.sign('HMAC', newest, utf8.encode(`${name}.${head}`))
  return `${head}.${toBase64Url(new Uint8Array(signature))}`
}

interface Unsealed {
  text: string
  issued: string
  /** Which of the keys has signed it; 0 is the newest. */
  key: number
}

async function unseal(name: string, value: string): Promise<Unsealed | undefined> {
  const end = value.lastIndexOf('.')
  const [payload = '', issued = ''] = value.slice(0, end).split('.')
  if (!/^\d+$/.test(issued) || Date.now() / 1000 - Number(issued) >= maxAge + 1) return undefined
  try {
    const signature = fromBase64Url(value.slice(end + 1))
    // The same bytes, spelled as this server does not spell them.
    if (toBase64Url(signature) !== value.slice(end + 1)) return undefined
    for (const [index, key] of (await keys).entries()) {
      if (await subtle.verify('HMAC', key, signature, utf8.encode(`${name}.${value.slice(0, end)}`)))
        return { text: new TextDecoder().decode(fromBase64Url(payload)), issued, key: index }
    }
  } catch {
    // Not base64.
  }
  return undefined
}

function cookie(req: Request, name: string): string {
  const pairs = (req.headers.cookie ?? '').split(/; */)
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

function unsealed(req: Request): Promise<(Unsealed | undefined)[]> {
  return Promise.all(NAMES.map((name) => unseal(name, cookie(req, name))))
}

async function load(req: Request): Promise<{ player: string; game: Game } | undefined> {
  const [player, game] = await unsealed(req)
  return player && { player: player.text, game: parseGame(game?.text) }
}

async function sealAnew(req: Request, res: Response): Promise<void> {
  for (const [index, one] of (await unsealed(req)).entries()) {
    const name = NAMES[index]
    if (name && one && one.key > 0) res.cookie(name, await seal(name, one.text, one.issued), ATTRIBUTES)
  }
}

/** @returns whether both fit */
async function save(res: Response, player: string, game: Game): Promise<boolean> {
  const values = {
    player: await seal('player', player),
    game: await seal('game', JSON.stringify(game)),
  }
  if (Object.entries(values).some(([name, value]) => name.length + value.length > 4096)) return false
  for (const [name, value] of Object.entries(values)) res.cookie(name, value, ATTRIBUTES)
  return true
}

const app = express().use(express.urlencoded({ extended: true }))

app.get('/', async (req, res) => {
  const session = await load(req)
  await sealAnew(req, res)
  res.send(session ? gamePage(session) : welcomePage())
})

app
  .route('/login')
  .get((_req, res) => {
    res.send(loginPage())
  })
  .post(async (req, res) => {
    const name = String(req.body?.name ?? '').trim()
    if (!/^.{1,500}$/su.test(name)) {
      res.status(400).send('What is your name? (1 to 500 characters)')
      return
    }
    await save(res, name, newGame())
    res.redirect(303, '/')
  })

app.post('/play', async (req, res) => {
  const session = await load(req)
  if (!session) {
    res.redirect(303, '/login')
    return
  }
  const fits = await save(res, session.player, play(session.game, String(req.body?.command ?? '')))
  if (fits) res.redirect(303, '/')
  else res.status(413).send('The notebook is full.')
})

app.post('/logout', (_req, res) => {
  for (const name of NAMES) res.clearCookie(name, ATTRIBUTES)
  res.redirect(303, '/')
})

app.listen(Number(process.env.PORT), 'localhost')
