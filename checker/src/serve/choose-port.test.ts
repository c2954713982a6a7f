import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../app/free-port.ts'
import { choosePort, isFree } from './choose-port.ts'

afterEach(() => vi.unstubAllEnvs())

/** Takes a port on this address for the running test. */
async function take(host: string): Promise<number> {
  const holder = net.createServer()
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject)
    holder.listen(0, host, resolve)
  })
  onTestFinished(() => void holder.close())
  return (holder.address() as AddressInfo).port
}

describe('the port of a lab', () => {
  test('is its own when that is free', async () => {
    vi.stubEnv('PORT', undefined)
    const port = await freePort()
    expect(await choosePort(port)).toEqual({ port, taken: undefined })
  })

  test('is the next free one when its own is taken, and says which was', async () => {
    vi.stubEnv('PORT', undefined)
    const taken = await take('127.0.0.1')
    const chosen = await choosePort(taken)
    expect(chosen.taken).toBe(taken)
    expect(chosen.port).toBeGreaterThan(taken)
    expect(await isFree(chosen.port)).toBe(true)
  })

  test('is PORT when that is set', async () => {
    const port = await freePort()
    vi.stubEnv('PORT', String(port))
    expect(await choosePort(3001)).toEqual({ port, taken: undefined })
  })

  test.each(['http', '0', '-1', '65536', '80.5', ' '])('is refused where PORT is "%s"', async (given) => {
    vi.stubEnv('PORT', given)
    await expect(choosePort(3001)).rejects.toThrow(
      `PORT is "${given}", which is not a port: use a number from 1 to 65535.`,
    )
  })
})

describe('a port is free', () => {
  test('when nobody listens on it', async () => {
    expect(await isFree(await freePort())).toBe(true)
  })

  test('not when somebody listens on 127.0.0.1', async () => {
    expect(await isFree(await take('127.0.0.1'))).toBe(false)
  })

  test('not when somebody listens on ::1, which localhost may mean as well', async ({ skip }) => {
    const port = await take('::1').catch(() => skip('This machine has no IPv6.'))
    expect(await isFree(port)).toBe(false)
  })
})
