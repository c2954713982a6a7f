// The state is only the list of what was done; the game is played again from it at each request. Own rules, own pages.
import { createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'

type Room = [exits: Record<string, string>, item?: string]

const rooms = new Map<string, Room>([
  ['jetty', [{ north: 'yard', west: 'boathouse' }]],
  ['boathouse', [{ east: 'jetty' }, 'oil']],
  ['yard', [{ south: 'jetty', east: 'kitchen', north: 'stairs' }]],
  ['kitchen', [{ west: 'yard' }, 'bread']],
  ['stairs', [{ south: 'yard', up: 'lantern' }, 'key']],
  ['lantern', [{ down: 'stairs' }]],
])

interface State {
  room: string
  bag: Set<string>
  health: number
  turn: number
  notes: string[]
}

const ended = (state: State) =>
  state.health <= 0
    ? 'You have lost.'
    : state.room === 'lantern' && state.bag.has('oil') && state.bag.has('key')
      ? 'You have won!'
      : ''

const hereOf = ({ room, bag }: State): { exits: Map<string, string>; items: string[] } => {
  const [exits, item] = rooms.get(room) ?? [{}]
  return { exits: new Map(Object.entries(exits)), items: item && !bag.has(item) ? [item] : [] }
}

/** Does the command, if it can be done. */
function step(state: State, command: string): boolean {
  if (ended(state)) return false
  const [, verb, object = ''] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(command) ?? []
  const { exits, items } = hereOf(state)
  if (verb === 'go' && exits.has(object)) state.room = exits.get(object) ?? state.room
  else if (verb === 'get' && items.includes(object)) state.bag.add(object)
  else if (verb === 'write' && object) state.notes.push(object)
  else return false
  state.turn += 1
  if (state.room === 'stairs' && !state.bag.has('bread')) state.health -= 1
  return true
}

function stateAfter(commands: string[]): State {
  const state: State = { room: 'jetty', bag: new Set(), health: 3, turn: 0, notes: [] }
  for (const command of commands) step(state, command)
  return state
}

const secrets = String(process.env.SESSION_SECRET).split(',')
const limit = +(process.env.GAME_SECONDS ?? 60 * 60)
const options = { httpOnly: true, sameSite: 'lax', path: '/' } as const

function sign(name: string, text: string, time = `${(Date.now() / 1000) | 0}`): string {
  const signed = `${Buffer.from(text).toString('base64url')}.${time}`
  return `${signed}.${createHmac('sha256', `${secrets[0]}`).update(`${name}.${signed}`).digest('base64url')}`
}

/** The text, and its time if it is signed with an old secret; null when it is not signed, or long ago. */
function check(header: string | undefined, name: string): [text: string, oldTime?: string] | null {
  const value =
    new URLSearchParams((header ?? '').replace(/; ?/g, '&').replaceAll('+', '%2B')).get(name) ?? ''
  const dot = value.lastIndexOf('.')
  const signature = Buffer.from(value.slice(dot + 1))
  for (const [index, secret] of secrets.entries()) {
    const right = Buffer.from(
      createHmac('sha256', secret)
        .update(`${name}.${value.slice(0, dot)}`)
        .digest('base64url'),
    )
    if (right.byteLength !== signature.byteLength || !timingSafeEqual(right, signature)) continue
    const [payload = '', issued = ''] = value.split('.')
    if (Date.now() / 1000 - +issued > limit) return null
    const text = Buffer.from(payload, 'base64url').toString()
    return index > 0 ? [text, issued] : [text]
  }
  return null
}

const commandsIn = (text: string | undefined): string[] => (text ? JSON.parse(text).commands : [])

const safe = (text: string) => text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`)

function page(name: string, state: State): string {
  const { exits, items } = hereOf(state)
  return `<!doctype html><title>The lighthouse</title>
<h1>You are in the ${state.room}</h1><p>Logged in as ${safe(name)}</p><strong>${ended(state)}</strong>
<ul><li>Turn: ${state.turn}</li><li>Health: ${state.health}</li>
<li>You carry: ${[...state.bag].join(', ') || 'nothing'}</li>
<li>You see: ${items.join(', ') || 'nothing'}</li>
<li>Exits: ${[...exits.keys()].join(', ')}</li></ul>
<form method=post action=/play><input name=command></form><form method=post action=/logout><button>Log out</button></form>
<pre>${state.notes.map(safe).join('\n')}</pre>`
}

const app = express()
app.use(express.urlencoded())

app.get('/', (req, res) => {
  const [player, game] = ['player', 'game'].map((name) => check(req.headers.cookie, name))
  if (player?.[1]) res.cookie('player', sign('player', ...player), options)
  if (game?.[1]) res.cookie('game', sign('game', ...game), options)
  res.send(
    player
      ? page(player[0], stateAfter(commandsIn(game?.[0])))
      : '<p>You are not logged in. <a href=/login>Log in</a>',
  )
})

app.get('/login', (_req, res) => {
  res.send('<form method=post><label>Name <input name=name maxlength=500></label></form>')
})

app.post('/login', (req, res) => {
  const name = `${req.body.name ?? ''}`.trim()
  if (!name || name.length > 500) {
    res.sendStatus(400)
    return
  }
  res.cookie('player', sign('player', name), options).cookie('game', sign('game', '{"commands":[]}'), options)
  res.redirect(303, '/')
})

app.post('/play', (req, res) => {
  const player = check(req.headers.cookie, 'player')
  if (!player) {
    res.redirect(303, '/login')
    return
  }
  const commands = commandsIn(check(req.headers.cookie, 'game')?.[0])
  const command = `${req.body.command}`
  if (step(stateAfter(commands), command)) commands.push(command)
  const value = sign('game', JSON.stringify({ commands }))
  if (value.length > 4092) {
    res.status(400).send('Your notebook is full.')
    return
  }
  res.cookie('player', sign('player', player[0]), options).cookie('game', value, options).redirect(303, '/')
})

app.post('/logout', (_req, res) => {
  res.clearCookie('player', options).clearCookie('game', options).redirect(303, '/')
})

app.listen(Number(process.env.PORT), '127.0.0.1')
