// Real servers on loopback for tests.
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * Starts a server for the running test.
 * @param finished a test that runs beside others hands in its own
 * @returns its address
 */
export async function serving(
  handler: http.RequestListener,
  finished = onTestFinished,
): Promise<{ host: string; port: number }> {
  const server = http.createServer({ maxHeaderSize: 65_536 }, handler)
  return listen(server, () => server.closeAllConnections(), finished)
}

/** Starts a server that speaks whatever the handler writes. @returns its address */
export async function speaking(
  handler: (socket: net.Socket) => void,
): Promise<{ host: string; port: number }> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    handler(socket)
  })
  return listen(
    server,
    () => {
      for (const socket of sockets) socket.destroy()
    },
    onTestFinished,
  )
}

async function listen(
  server: net.Server,
  cut: () => void,
  finished: typeof onTestFinished,
): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  finished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    cut()
    await closed
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}
