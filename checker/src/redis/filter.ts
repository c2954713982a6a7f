// What an app sends to Redis goes through here: it is noted, and what could hurt a borrowed Redis is held back.
import { Transform } from 'node:stream'
import { type Borrowed, refusal } from './commands.ts'
import { RequestReader } from './requests.ts'
import type { Traffic } from './traffic.ts'

/** No session is larger. A longer request to a borrowed Redis is not passed on, so that none has to be held. */
const HELD_MAX_BYTES = 1_000_000

/**
 * Passes requests on and notes them; with a borrowed Redis, one after the other, and not all.
 * @param before called with the requests that came together, before they are passed on
 */
export function filter(
  traffic: Traffic,
  borrowed: Borrowed | undefined,
  before: (requests: string[][]) => void,
): Transform {
  const reader = new RequestReader()
  if (borrowed) return guard(reader, traffic, borrowed, before)
  let readable = true
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      // What cannot be read is Redis's affair, not ours.
      try {
        const requests = readable ? reader.read(chunk).map(({ words }) => words) : []
        for (const words of requests) traffic.note(words)
        before(requests)
      } catch {
        readable = false
      }
      done(null, chunk)
    },
  })
}

/** In place of a request that is refused goes one that Redis does not know: its error comes in the right order. */
function guard(
  reader: RequestReader,
  traffic: Traffic,
  borrowed: Borrowed,
  before: (requests: string[][]) => void,
): Transform {
  let held = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        let start = 0
        const requests = reader.read(chunk)
        before(requests.map(({ words }) => words))
        for (const { words, count, end } of requests) {
          // A key that is not remembered would be left behind.
          const tooMany = traffic.hasRoomFor(words) ? undefined : 'A write of so many keys'
          const reason = refusal(words, count, borrowed) ?? tooMany
          if (reason === undefined) this.push(Buffer.concat([held, chunk.subarray(start, end)]))
          else this.push(unknownCommand(`${reason} (refused by Session Labs, to protect your own Redis)`))
          if (!tooMany) traffic.note(words)
          held = Buffer.alloc(0)
          start = end
        }
        held = Buffer.concat([held, chunk.subarray(start)])
        if (held.length > HELD_MAX_BYTES) throw new Error('This request is too long for a borrowed Redis.')
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

function unknownCommand(name: string): string {
  return `*1\r\n$${Buffer.byteLength(name)}\r\n${name}\r\n`
}
