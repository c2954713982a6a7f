// A name server on loopback, as Docker has one: it answers one name with the addresses of the instances.
import dgram from 'node:dgram'
import dns from 'dns-packet'

export interface NameServer {
  port: number
  close(): void
}

/** Answers `name` with these IPv4 addresses, and nothing else. */
export function startNameServer(name: string, addresses: string[]): Promise<NameServer> {
  const socket = dgram.createSocket('udp4')
  socket.on('message', (message, sender) => {
    const { id, questions = [] } = dns.decode(message)
    const known = questions.some((question) => question.name === name && question.type === 'A')
    const answers = known ? addresses.map((data) => ({ type: 'A' as const, name, ttl: 1, data })) : []
    const answer = dns.encode({ type: 'response', id, flags: dns.RECURSION_AVAILABLE, questions, answers })
    socket.send(answer, sender.port, sender.address)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () =>
      resolve({ port: socket.address().port, close: () => void socket.close() }),
    )
  })
}
