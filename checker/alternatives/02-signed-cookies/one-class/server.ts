// All of it in one class. Signatures are compared by their own HMACs under a random key; SameSite=Strict;
// the time comes from performance.now(), which Date has nothing to do with.
import { createHmac, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { seconds, sessionSecrets } from '../../../../labs/kit/config.ts'
import { newGame, parseGame, play } from '../../../../solutions/02-signed-cookies/game.ts'
import { gamePage, loginPage, welcomePage } from '../../../../solutions/02-signed-cookies/pages.ts'

class SignedCookie {
  static readonly #secrets = sessionSecrets()
  static readonly #limit = seconds('GAME_SECONDS', 3600)
  static readonly #blind = randomBytes(32)
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  write(res: Response, text: string, issued = String(SignedCookie.#now())): void {
    const payload = Buffer.from(text).toString('base64url')
    const value = `${payload}.${issued}.${this.#sign(payload, issued, SignedCookie.#secrets[0])}`
    if (value.length + this.#name.length > 4096)
      throw new Refusal(413, 'A cookie can have no more than 4,096 bytes.')
    res.append('Set-Cookie', `${this.#name}=${value}; path=/; samesite=strict; httponly`)
  }

  /** What is in the cookie, and whether the newest secret signed it; undefined for everything else. */
  read(req: Request): { text: string; issued: string; fresh: boolean } | undefined {
    for (const pair of (req.get('cookie') ?? '').split(';')) {
      const [name, ...rest] = pair.trim().split('=')
      if (name !== this.#name) continue
      const [payload, issued, signature, ...more] = rest.join('=').split('.')
      if (!payload || !issued || !signature || more.length > 0) continue
      const age = SignedCookie.#now() - Number(issued)
      if (Number.isNaN(age) || age > SignedCookie.#limit) continue
      const secret = SignedCookie.#secrets.find((one) =>
        SignedCookie.#same(signature, this.#sign(payload, issued, one)),
      )
      if (secret === undefined) continue
      const text = Buffer.from(payload, 'base64url').toString()
      return { text, issued, fresh: secret === SignedCookie.#secrets[0] }
    }
    return undefined
  }

  clear(res: Response): void {
    res.append(
      'Set-Cookie',
      `${this.#name}=gone; path=/; samesite=strict; httponly; expires=Thu, 01 Jan 1970 00:00:00 GMT`,
    )
  }

  #sign(payload: string, issued: string, secret: string): string {
    return createHmac('sha256', secret).update(`${this.#name}.${payload}.${issued}`).digest('base64url')
  }

  static #same(one: string, other: string): boolean {
    const [a, b] = [one, other].map((text) =>
      createHmac('sha256', SignedCookie.#blind).update(text).digest('hex'),
    )
    return a === b
  }

  static #now(): number {
    return Math.floor((performance.timeOrigin + performance.now()) / 1000)
  }
}

class Adventure {
  readonly #player = new SignedCookie('player')
  readonly #game = new SignedCookie('game')

  show(req: Request, res: Response): void {
    const [player, game] = [this.#player.read(req), this.#game.read(req)]
    if (player && !player.fresh) this.#player.write(res, player.text, player.issued)
    if (game && !game.fresh) this.#game.write(res, game.text, game.issued)
    res.send(player ? gamePage({ player: player.text, game: parseGame(game?.text) }) : welcomePage())
  }

  begin(req: Request, res: Response): void {
    const name = field(req, 'name').trim()
    if (name === '' || name.length > 500) throw new Refusal(400, 'A name has 1 to 500 characters.')
    this.#player.write(res, name)
    this.#game.write(res, JSON.stringify(newGame()))
    res.redirect(303, '/')
  }

  goOn(req: Request, res: Response): void {
    const player = this.#player.read(req)
    if (player) {
      const game = play(parseGame(this.#game.read(req)?.text), field(req, 'command'))
      this.#game.write(res, JSON.stringify(game))
      this.#player.write(res, player.text)
    }
    res.redirect(303, player ? '/' : '/login')
  }

  end(res: Response): void {
    this.#player.clear(res)
    this.#game.clear(res)
    res.redirect(303, '/')
  }

  start(): void {
    const app = createApp()
    app.get('/', (req, res) => this.show(req, res))
    app.get('/login', (_req, res) => void res.send(loginPage()))
    app.post('/login', (req, res) => this.begin(req, res))
    app.post('/play', (req, res) => this.goOn(req, res))
    app.post('/logout', (_req, res) => this.end(res))
    serve(app, Number(process.env.PORT ?? 3002))
  }
}

new Adventure().start()
