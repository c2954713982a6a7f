// Reads the requests to Redis that pass: arrays of bulk strings, or one line of words as typed into telnet.
// https://redis.io/docs/latest/develop/reference/protocol-spec/#sending-commands-to-a-redis-server

/** A key is shorter. Of a longer argument only the beginning is kept. */
const ARGUMENT_MAX_BYTES = 4_096

/** Of more arguments only these are kept; `count` tells how many there were. */
const ARGUMENTS_MAX = 1_000

/** The longest line that Redis itself accepts. */
const LINE_MAX_BYTES = 65_536

export interface Request {
  /** The command and its arguments, as far as they are kept. */
  words: string[]
  /** How many words it really had. */
  count: number
  /** Where it ends in the chunk that was read last. */
  end: number
}

export class RequestReader {
  #words: string[] = []
  #count = 0
  #argumentsLeft = 0
  #argument: Buffer[] = []
  #argumentBytes = 0
  /** How much of an argument, with the line break behind it, is still to come; 0 while a line is read. */
  #bytesLeft = 0
  #line = ''

  /**
   * Reads on in bytes as they come.
   * @returns the requests that end in this chunk
   * @throws Error when this is not the protocol of Redis
   */
  read(chunk: Buffer): Request[] {
    const requests: Request[] = []
    let at = 0
    while (at < chunk.length) {
      const before = at
      at = this.#bytesLeft > 0 ? this.#readArgument(chunk, at) : this.#readLine(chunk, at)
      const complete = this.#argumentsLeft === 0 && this.#bytesLeft === 0 && this.#line === ''
      if (complete && at > before && this.#count > 0) {
        requests.push({ words: this.#words, count: this.#count, end: at })
        this.#words = []
        this.#count = 0
      }
    }
    return requests
  }

  #readLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf('\n', at)
    this.#line += chunk.toString('utf8', at, end === -1 ? chunk.length : end)
    if (this.#line.length > LINE_MAX_BYTES) throw new Error('A line without an end is no request to Redis.')
    if (end === -1) return chunk.length
    const line = this.#line.trimEnd()
    this.#line = ''
    if (this.#argumentsLeft > 0) this.#bytesLeft = numberIn(line, '$') + '\r\n'.length
    else if (line.startsWith('*')) {
      this.#argumentsLeft = numberIn(line, '*')
      this.#count = this.#argumentsLeft
    } else {
      this.#words = line.split(/\s+/).filter(Boolean)
      this.#count = this.#words.length
    }
    return end + 1
  }

  #readArgument(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.#bytesLeft)
    this.#bytesLeft -= piece.length
    if (this.#argumentBytes < ARGUMENT_MAX_BYTES + 2)
      this.#argument.push(piece.subarray(0, ARGUMENT_MAX_BYTES + 2))
    this.#argumentBytes += piece.length
    if (this.#bytesLeft === 0) {
      const kept = Math.min(this.#argumentBytes - '\r\n'.length, ARGUMENT_MAX_BYTES)
      if (this.#words.length < ARGUMENTS_MAX) {
        this.#words.push(Buffer.concat(this.#argument).toString('utf8', 0, kept))
      }
      this.#argument = []
      this.#argumentBytes = 0
      this.#argumentsLeft -= 1
    }
    return at + piece.length
  }
}

function numberIn(line: string, sign: string): number {
  const number = line.startsWith(sign) ? Number(line.slice(1) || Number.NaN) : Number.NaN
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`"${line.slice(0, 20)}" is no part of a request to Redis.`)
  return number
}
