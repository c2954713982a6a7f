// The rules of the adventure, as functions from one state to the next. Given: nothing to do here.
import { FULL_HEALTH, goal, monster, type Room, rooms, START } from './world.ts'

/** The whole state of a game: what the `game` cookie carries as JSON. */
export interface Game {
  /** The id of the room that the player is in. */
  room: string
  carried: string[]
  /** 0 is death. */
  health: number
  /** How many commands were understood and done; `look` and `help` do not count. */
  turn: number
  /** A line for each `write`, in the player's words. */
  notebook: string[]
  /** What the last command did. */
  last: keyof typeof SENTENCES
}

// Each key has five letters, so that a command which fails never makes the cookie longer.
const SENTENCES = {
  begin: 'You tie up your boat and climb ashore. Type "help" to learn what you can do.',
  moved: 'You go there.',
  taken: 'You take it.',
  wrote: 'You write it down.',
  stare: 'You look around.',
  rules: 'You can: go DIRECTION, get ITEM, write TEXT, look, help.',
  bites: 'You do that, and the gander bites you.',
  where: 'Go where? Name one of the exits, as in "go" and a direction.',
  which: 'Get what? Name one thing that you see.',
  blank: 'Write what? The notebook takes any text.',
  noway: 'You cannot go that way.',
  empty: 'There is no such thing here to take.',
  vague: 'You do not know how to do that. Type "help" to learn what you can do.',
  ended: 'The story is over. Log in again to begin a new one.',
}

/** A game in which nothing has happened yet. */
export function newGame(): Game {
  return { room: START, carried: [], health: FULL_HEALTH, turn: 0, notebook: [], last: 'begin' }
}

/** The state after the command. Every command has one: what cannot be done only changes the sentence. */
export function play(game: Game, command: string): Game {
  if (outcome(game)) return { ...game, last: 'ended' }
  const [verb, object] = splitCommand(command)
  if (verb === 'go') return go(game, object)
  if (verb === 'get') return get(game, object)
  if (verb === 'write') return write(game, object)
  if (verb === 'look') return { ...game, last: 'stare' }
  if (verb === 'help') return { ...game, last: 'rules' }
  return { ...game, last: 'vague' }
}

/** Undefined while the game goes on. */
export function outcome(game: Game): 'won' | 'lost' | undefined {
  if (game.health === 0) return 'lost'
  const holdsAll = goal.items.every((item) => game.carried.includes(item))
  return holdsAll && game.room === goal.room ? 'won' : undefined
}

/** What the last command did, as a sentence. */
export function lastSentence(game: Game): string {
  return SENTENCES[game.last]
}

/** The room that the player is in. */
export function roomOf(game: Game): Room {
  const room = own(rooms, game.room)
  if (room) return room
  throw new Error(`The world has no room "${game.room}".`)
}

/** What lies in the player's room and was not taken yet. */
export function itemsHere(game: Game): string[] {
  return roomOf(game).items.filter((item) => !game.carried.includes(item))
}

/** What the monster does in the player's room; undefined when it is elsewhere. */
export function monsterHere(game: Game): 'fierce' | 'beaten' | undefined {
  if (game.room !== monster.room) return undefined
  return game.carried.includes(monster.beatenBy) ? 'beaten' : 'fierce'
}

/** The game that this JSON describes; a new one when it does not describe a game of this world. */
export function parseGame(json: string | undefined): Game {
  try {
    const game: unknown = JSON.parse(json ?? '')
    return isGame(game) ? game : newGame()
  } catch {
    return newGame()
  }
}

/** Whether parsed JSON is a game of this world, with nothing missing and nothing besides. */
export function isGame(value: unknown): value is Game {
  if (!isRecord(value) || Object.keys(value).length !== Object.keys(newGame()).length) return false
  const { room, carried, health, turn, notebook, last } = value
  return (
    typeof room === 'string' &&
    own(rooms, room) !== undefined &&
    isTexts(carried) &&
    carried.every(isItem) &&
    new Set(carried).size === carried.length &&
    isCount(health) &&
    health <= FULL_HEALTH &&
    isCount(turn) &&
    isTexts(notebook) &&
    typeof last === 'string' &&
    Object.hasOwn(SENTENCES, last)
  )
}

function go(game: Game, direction: string): Game {
  if (direction === '') return { ...game, last: 'where' }
  const room = own(roomOf(game).exits, direction)
  return room === undefined ? { ...game, last: 'noway' } : endTurn({ ...game, room, last: 'moved' })
}

function get(game: Game, item: string): Game {
  if (item === '') return { ...game, last: 'which' }
  if (!itemsHere(game).includes(item)) return { ...game, last: 'empty' }
  return endTurn({ ...game, carried: [...game.carried, item], last: 'taken' })
}

function write(game: Game, line: string): Game {
  if (line === '') return { ...game, last: 'blank' }
  return endTurn({ ...game, notebook: [...game.notebook, line], last: 'wrote' })
}

function endTurn(game: Game): Game {
  const turn = game.turn + 1
  if (monsterHere(game) !== 'fierce') return { ...game, turn }
  return { ...game, turn, health: game.health - 1, last: 'bites' }
}

/** "go  north " is ["go", "north"]; a bare "go" is ["go", ""]. */
function splitCommand(command: string): [verb: string, object: string] {
  const text = command.trim()
  const space = text.search(/\s/)
  return space === -1 ? [text, ''] : [text.slice(0, space), text.slice(space).trim()]
}

// hasOwn, because {}.constructor is there before anybody has put it in.
function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function isItem(name: string): boolean {
  return Object.values(rooms).some((room) => room.items.includes(name))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string')
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
