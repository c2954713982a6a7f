// How a store calls back.
import { expectUnharmed, resultOf } from '../called.ts'
import { expectThat, property } from '../finding.ts'
import { type Call, calls, type OpenStore } from '../open-store.ts'
import type { Called } from '../store-under-test.ts'
import { comesTrue } from '../until.ts'

/** How long to wait for a callback that should not come any more. */
const SETTLE_MS = 25
const settled = { settleMs: SETTLE_MS }

/** All methods that the store has, in an order in which each has something to do, in groups to be called at once. */
function allCalls(open: OpenStore, id: string, how: object): Call[][] {
  const groups = [
    [calls.set(id, { cake: 'plum' }, how), calls.set(`${id}2`, { cake: 'apple' }, how)],
    [
      calls.get(id, how),
      calls.get(`${id}3`, how),
      calls.all(how),
      calls.length(how),
      calls.touchWith(id, { cake: 'plum' }, how),
    ],
    [calls.destroy(id, how), calls.destroy(`${id}3`, how)],
    [calls.clear(how)],
  ]
  return groups.map((group) => group.filter(({ method }) => open.has(method)))
}

function expectOnce(called: Called<unknown>, when: string): void {
  expectUnharmed(called)
  expectThat(
    called.times === 1,
    `${called.says} should call back once, ${when}.`,
    `It called back ${called.times} times.`,
  )
  expectThat(
    !called.early,
    `${called.says} should call back after it has returned, ${when}.`,
    'It called back before: the code behind the call has not run yet, and does not expect that.',
  )
}

export const once = property('once', 'every method calls back once, after it has returned', async (store) => {
  const open = await store.open()
  for (const group of allCalls(open, store.newId(), settled)) {
    for (const called of await open.together(group)) expectOnce(called, 'when all goes well')
  }
})

export const onceOnError = property(
  'once-on-error',
  'every method calls back once, after it has returned, also when it cannot do its work',
  async (store) => {
    const open = await store.open()
    const id = store.newId()
    // JSON cannot say the first, because it has no end, and has no word for the second.
    for (const data of [{ itself: true }, { big: { $bigint: '1' } }]) {
      const [called] = await open.together([calls.set(id, data, settled)])
      if (!called) continue
      expectOnce({ ...called, says: 'set of a session that JSON cannot say' }, 'with an error')
      // A store that can do more than JSON has none.
      if (called.error === null) resultOf(await open.get(id))
    }
    if (!store.breakDown) return
    const broken = await store.open()
    resultOf(await broken.set(id, { cake: 'plum' }))
    await store.breakDown(broken)
    for (const call of allCalls(broken, id, settled).flat()) {
      // One at a time, so that it is clear whose an error is that nobody has caught.
      for (const called of await broken.together([call])) {
        expectOnce(called, 'also when what it keeps its sessions in is gone')
      }
    }
  },
)

export const optional = property(
  'optional',
  'set, touch, destroy and clear can be called without a callback',
  async (store) => {
    const open = await store.open()
    const how = { callback: 'none' } as const
    const id = store.newId()
    await callWithout(open, calls.set(id, { cake: 'apple' }, how))
    const isSet = await comesTrue(async () => (await open.get(id)).result !== null)
    expectThat(isSet, 'Without a callback, set should do the same work.', 'It does not.')
    await callWithout(open, calls.touchWith(id, { cake: 'apple' }, how))
    await callWithout(open, calls.destroy(id, how))
    await callWithout(open, calls.clear(how))
  },
)

async function callWithout(open: OpenStore, call: Call): Promise<void> {
  if (!open.has(call.method)) return
  for (const called of await open.together([call])) {
    expectUnharmed({ ...called, says: `${called.says} without a callback` })
  }
}

export const throwing = property(
  'callback-throws',
  'a callback that throws is not called again',
  async (store) => {
    const id = store.newId()
    const groups = allCalls(await store.open(), id, { ...settled, callback: 'throws' })
    for (const group of groups) {
      // In a store of its own, because an app would have ended.
      const open = await store.open()
      resultOf(await open.set(id, { cake: 'plum' }))
      for (const called of await open.together(group)) expectOnce(called, 'also when the callback throws')
    }
  },
)
