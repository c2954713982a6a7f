// Reads a file that a submission controls: it may be a pipe, a device or a link by the time that it is opened.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** Who opens a pipe waits for its other end, unless told not to. Windows has neither these pipes nor this flag. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What the last part of the path may not be, when a link is not to be followed. */
const NO_LINK = constants.O_NOFOLLOW ?? 0

export interface ReadLimits {
  maxBytes: number
  /** Whether a link is read as the file that it leads to. */
  followLinks?: boolean
}

/**
 * What is in a regular file. What it is and how long is asked of the opened file: its name may be another's by then.
 * @throws Error with the reason in words: it is no regular file, or larger than the limit; and what the system says
 */
export function readRegularFile(file: string, { maxBytes, followLinks = false }: ReadLimits): Buffer {
  const fd = openSync(file, followLinks ? AT_ONCE : AT_ONCE | NO_LINK)
  try {
    const info = fstatSync(fd)
    if (!info.isFile()) throw new Error('it is not a regular file')
    if (info.size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`)
    const content = Buffer.alloc(info.size)
    let length = 0
    for (let read = -1; read !== 0 && length < content.length; length += read) {
      read = readSync(fd, content, length, content.length - length, null)
    }
    return content.subarray(0, length)
  } finally {
    closeSync(fd)
  }
}
