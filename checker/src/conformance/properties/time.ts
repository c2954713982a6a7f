// When sessions end by themselves. In each, a limit passes, or not yet.
import { expectNone, resultOf, sessionOf } from '../called.ts'
import { expectThat, property } from '../finding.ts'
import { fileLines, filesWith } from '../folder.ts'
import type { OpenStore } from '../open-store.ts'
import { atSomePace, type Pace, rightedAfter } from '../pace.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { comesTrue } from '../until.ts'
import { expectAll, expectLength } from './ending.ts'
import { expectData } from './storing.ts'

/** Limits that have passed. Far enough from 1 for a store that counts whole seconds. */
const BEFORE = 0.7
const AFTER = 1.3

const TEN_YEARS_SECONDS = 315_360_000

/** A property for which time passes. @param ownLimit whether the store has to end what is not used */
function timed(
  id: string,
  says: string,
  ownLimit: boolean,
  body: (store: StoreUnderTest, open: OpenStore, pace: Pace) => Promise<void>,
) {
  return property(id, says, (store) =>
    atSomePace(store, async (pace) => {
      const open = await store.open({ timeoutSeconds: ownLimit ? pace.limitSeconds : undefined })
      await rightedAfter(open, () => body(store, open, pace))
    }),
  )
}

export const idle = timed(
  'idle',
  'a session that nobody uses for its time has ended: get, all and length find none',
  true,
  async (store, open, pace) => {
    const other = await store.open({ timeoutSeconds: pace.limitSeconds })
    // Asked only for this, because all and get remove what has ended.
    const counted = await store.open({ timeoutSeconds: pace.limitSeconds })
    resultOf(await counted.set(store.newId(), { number: 6 }))
    const [asked, renewed, unused] = [store.newId(), store.newId(), store.newId()]
    resultOf(await open.set(asked, { number: 1 }))
    resultOf(await open.set(renewed, { number: 4 }))
    resultOf(await other.set(unused, { number: 2 }))
    await pace.passTo(open, BEFORE)
    expectData(await open.get(asked), { number: 1 }, 'its time has not passed')
    sessionOf(await open.load(renewed, 'A'), 'its time has not passed')
    resultOf(await open.save(renewed, 'A', { put: { number: 5 } }))
    await pace.passTo(open, AFTER)
    expectData(await open.get(renewed), { number: 5 }, 'set has renewed its time')
    await expectAll(other, [], 'the only one has not been used for its time')
    await expectLength(counted, 0, 'the only one has not been used for its time')
    expectNone(await other.get(unused), 'nobody has used it for its time')
    const next = store.newId()
    resultOf(await other.set(next, { number: 3 }))
    expectData(await other.get(next), { number: 3 }, 'it has only begun')
  },
)

export const noLimit = property(
  'no-limit',
  'without a limit, a session that nobody uses does not end',
  async (store) => {
    const open = await store.open()
    const id = store.newId()
    resultOf(await open.set(id, { number: 1 }))
    await rightedAfter(open, async () => {
      await open.setClockAhead(TEN_YEARS_SECONDS)
      expectData(await open.get(id), { number: 1 }, 'no limit was set')
      await expectAll(open, [1], 'no limit was set')
    })
  },
)

/**
 * Two requests use two sessions shortly before their end. Then one is looked at soon, the other one late.
 * @param time what touch renews, in words
 */
async function expectRenewal(
  store: StoreUnderTest,
  open: OpenStore,
  pace: Pace,
  time: string,
  begin: (id: string, number: number) => Promise<unknown>,
): Promise<void> {
  const [renewed, ended, unused] = [store.newId(), store.newId(), store.newId()]
  for (const [index, id] of [renewed, ended, unused].entries()) await begin(id, index)
  await pace.passTo(open, BEFORE)
  for (const id of [renewed, ended]) {
    sessionOf(await open.load(id, id), 'its time has not passed')
    resultOf(await open.touch(id, id))
  }
  await pace.passTo(open, AFTER)
  expectData(await open.get(renewed), { number: 0 }, `touch has renewed ${time}`)
  expectNone(await open.get(unused), 'nobody has used it for its time')
  await pace.passTo(open, BEFORE + AFTER + 0.1)
  expectNone(await open.get(ended), 'its time has passed since touch')
}

export const touchIdle = timed(
  'touch-idle',
  'touch renews the time of a session',
  true,
  async (store, open, pace) => {
    await expectRenewal(store, open, pace, 'its time', async (id, number) =>
      resultOf(await open.set(id, { number })),
    )
  },
)

export const touchCookie = timed(
  'touch-cookie',
  'touch renews the end of a cookie',
  false,
  async (store, open, pace) => {
    const maxAgeSeconds = pace.limitSeconds
    await expectRenewal(store, open, pace, 'the end of its cookie, cookie.expires', async (id, number) =>
      resultOf(await open.set(id, { number }, { maxAgeSeconds })),
    )
  },
)

export const touchKeeps = property(
  'touch-keeps',
  'touch writes nothing over what another request has set meanwhile',
  async (store) => {
    const open = await store.open({ timeoutSeconds: 1000 })
    const id = store.newId()
    resultOf(await open.set(id, { cake: 'plum', tea: 'green' }))
    resultOf(await open.load(id, 'A'))
    resultOf(await open.load(id, 'B'))
    resultOf(await open.save(id, 'B', { put: { cake: 'apple', more: 1 }, drop: ['tea'] }))
    resultOf(await open.touch(id, 'A'))
    const called = await open.get(id)
    expectData(called, { cake: 'apple', more: 1 }, 'request B has set it, and request A has changed nothing')
    expectThat(
      !('tea' in sessionOf(called, 'it was set').data),
      'touch should not bring back what request B has deleted.',
      'tea is there again.',
    )
  },
)

export const cookieEnd = timed(
  'cookie-end',
  'a session whose cookie has ended has ended too: get, all and length find none',
  false,
  async (store, open, pace) => {
    const other = await store.open()
    const [asked, ended] = [store.newId(), store.newId()]
    const how = { maxAgeSeconds: pace.limitSeconds }
    resultOf(await open.set(asked, { number: 1 }, how))
    resultOf(await other.set(ended, { number: 2 }, how))
    await pace.passTo(open, BEFORE)
    expectData(await open.get(asked), { number: 1 }, 'cookie.expires has not come')
    await pace.passTo(open, AFTER)
    await expectAll(other, [], 'cookie.expires of the only one has passed')
    await expectLength(other, 0, 'cookie.expires of the only one has passed')
    expectNone(await other.get(ended), 'its cookie.expires has passed')
  },
)

export const removed = timed(
  'removed',
  'a session that has ended leaves no file',
  true,
  async (store, open, pace) => {
    const id = store.newId()
    const marker = `marker-${id}`
    resultOf(await open.set(id, { marker }))
    await pace.passTo(open, AFTER)
    expectNone(await open.get(id), 'nobody has used it for its time')
    const isGone = await comesTrue(() => filesWith(open.place, marker).length === 0)
    expectThat(
      isGone,
      'When get has found that a session has ended, what was in it should be in no file.',
      'It is still there.',
      fileLines('files with it', filesWith(open.place, marker)),
    )
  },
)
