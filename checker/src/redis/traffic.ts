// Remembers what an app asked of Redis: which keys it wrote, and what it did last.
import { writtenKeys } from './commands.ts'

/** More keys than a run writes; an app that writes without end must not fill the memory. */
const KEYS_MAX = 2_000

/** The last requests tell the story; the first ones do not. */
const COMMANDS_MAX = 500

export class Traffic {
  readonly #prefix: string
  readonly #onNewKey: (key: string) => void
  readonly #written = new Set<string>()
  readonly #foreign = new Set<string>()
  #commands: string[] = []

  /** @param onNewKey called once for each key below the prefix that an app names for the first time */
  constructor(prefix: string, onNewKey: (key: string) => void = () => {}) {
    this.#prefix = prefix
    this.#onNewKey = onNewKey
  }

  /** Takes in one request. */
  note(request: string[]): void {
    const [name = '', ...args] = request
    this.#commands.push([name.slice(0, 30).toUpperCase(), ...args.slice(0, 1)].join(' '))
    if (this.#commands.length > 2 * COMMANDS_MAX) this.#commands = this.#commands.slice(-COMMANDS_MAX)
    const keys = writtenKeys(request)
    // Commands that are not known here, a script's for example, may write any key that they name.
    for (const key of this.keysIn([args])) this.#remember(key)
    for (const key of keys.filter((one) => !one.startsWith(this.#prefix))) {
      if (this.#foreign.size < KEYS_MAX) this.#foreign.add(key)
    }
  }

  /** The keys below the prefix that are named in requests. */
  keysIn(requests: string[][]): string[] {
    return requests.flat().filter((word) => word.startsWith(this.#prefix))
  }

  /** Whether all keys of a request that were never named before can still be remembered, and so be removed one day. */
  hasRoomFor(request: string[]): boolean {
    const unknown = request.filter((word) => word.startsWith(this.#prefix) && !this.#written.has(word))
    return this.#written.size + unknown.length <= KEYS_MAX
  }

  /** Every key below the prefix that was named, in the order of the first time; it may be gone since. */
  written(): string[] {
    return [...this.#written]
  }

  /** Keys that were written though they do not begin with the prefix. */
  foreign(): string[] {
    return [...this.#foreign]
  }

  /** The last requests as `NAME argument`: `SET session-labs:…`. */
  commands(): string[] {
    return this.#commands.slice(-COMMANDS_MAX)
  }

  /** Begins anew, but keeps the keys. */
  forgetStory(): void {
    this.#commands = []
    this.#foreign.clear()
  }

  #remember(key: string): void {
    if (this.#written.has(key) || this.#written.size >= KEYS_MAX) return
    this.#written.add(key)
    this.#onNewKey(key)
  }
}
