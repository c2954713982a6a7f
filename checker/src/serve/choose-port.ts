// Finds a port for a lab: the asked one, or the next that is free.
import net from 'node:net'
import { UsageError } from '../lab/errors.ts'

/** How many ports to try after a lab's own. */
const TRIES = 50

/**
 * PORT from the environment if it is set, else `preferred`; the next free one when that is taken.
 * @param variable another variable in the place of PORT
 * @returns the port, and the taken one if another was asked for
 * @throws UsageError when PORT is not a port
 */
export async function choosePort(
  preferred: number,
  variable = 'PORT',
): Promise<{ port: number; taken: number | undefined }> {
  const given = process.env[variable]
  const asked = given ? Number(given) : preferred
  if (!Number.isInteger(asked) || asked < 1 || asked > 65_535) {
    throw new UsageError(`${variable} is "${given}", which is not a port: use a number from 1 to 65535.`)
  }
  const port = await nextFreePort(asked, variable)
  return { port, taken: port === asked ? undefined : asked }
}

/** @throws UsageError when this port and the 49 after it are taken */
export async function nextFreePort(first: number, variable = 'PORT'): Promise<number> {
  for (let port = first; port < first + TRIES && port <= 65_535; port++) {
    if (await isFree(port)) return port
  }
  throw new UsageError(
    `Ports ${first} to ${first + TRIES - 1} are all taken. Set another one, for example ${variable}=8000.`,
  )
}

/** Free means on every address that localhost can stand for. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRNOTAVAIL'))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
