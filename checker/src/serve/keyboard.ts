// Keys in the terminal of `npm run lab`: each does one thing and says what happened.

export interface Key {
  /** The letter to press. */
  letter: string
  /** What it does, for the list. */
  does: string
  /** @returns what happened, as lines */
  press(): Promise<string[]>
}

/** The list of keys, as lines. */
export function keyList(keys: Key[]): string[] {
  return [...keys.map(({ letter, does }) => `${letter}  ${does}`), '?  this list']
}

/**
 * Turns what is typed into presses, one after the other.
 * @returns takes typed text; resolves when its keys have done their work
 */
export function keyHandler(keys: Key[], say: (line: string) => void): (typed: string) => Promise<void> {
  let turn = Promise.resolve()
  const press = async (letter: string) => {
    const key = keys.find((one) => one.letter === letter)
    if (letter === '?' || letter === 'h') keyList(keys).forEach(say)
    else if (key) {
      const lines = await key.press().catch((error: Error) => [`That did not work: ${error.message}`])
      lines.forEach(say)
    }
  }
  return (typed) => {
    for (const letter of typed.toLowerCase()) turn = turn.then(() => press(letter))
    return turn
  }
}

const CTRL_C = '\x03'

/**
 * Reads single keys when somebody sits at a terminal, and leaves the terminal as it was however this process ends.
 * @param interrupt called at Ctrl-C, which comes as a key now
 */
export function listenToKeyboard(handle: (typed: string) => void, interrupt: () => void): void {
  const { stdin } = process
  if (!stdin.isTTY) return
  stdin.setRawMode(true)
  process.on('exit', () => stdin.setRawMode(false))
  stdin.setEncoding('utf8').on('data', (typed: string) => {
    if (typed.includes(CTRL_C)) interrupt()
    else handle(typed)
  })
}
