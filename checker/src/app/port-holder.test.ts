import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from './free-port.ts'
import { portHolder } from './port-holder.ts'

// Elsewhere a program has to be asked, which need not be there.
test.runIf(process.platform === 'linux')('the holder of a port is told by name and process', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const server = net.createServer()
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(portHolder(port)).toMatch(new RegExp(`^.+, process ${process.pid}$`))
  }
})

test('a port that nobody listens on has no holder', async () => {
  expect(portHolder(await freePort())).toBeUndefined()
})
