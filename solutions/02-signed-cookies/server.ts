// The routes of the adventure. Given: read it, there is nothing to do here.
import { createApp, field, Refusal, serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { newGame, play } from './game.ts'
import { gamePage, loginPage, welcomePage } from './pages.ts'
import { clearSession, readSession, resignSession, writeSession } from './session.ts'

const NAME_MAX_CHARACTERS = 500

const app = createApp()

app.get('/', (req, res) => {
  resignSession(req, res)
  const session = readSession(req)
  res.send(session ? gamePage(session) : welcomePage())
})

app.get('/login', (_req, res) => {
  res.send(loginPage())
})

app.post('/login', (req, res) => {
  const player = field(req, 'name').trim()
  if (player === '') throw new Refusal(400, 'You have to give a name.')
  if ([...player].length > NAME_MAX_CHARACTERS) {
    throw new Refusal(400, `A name can have ${NAME_MAX_CHARACTERS} characters.`)
  }
  writeSession(res, { player, game: newGame() })
  res.redirect(303, '/')
})

app.post('/play', (req, res) => {
  const session = readSession(req)
  if (!session) {
    res.redirect(303, '/login')
    return
  }
  writeSession(res, { ...session, game: play(session.game, field(req, 'command')) })
  res.redirect(303, '/')
})

app.post('/logout', (_req, res) => {
  clearSession(res)
  res.redirect(303, '/')
})

serve(app, port(3002))
