// Requests at the same time, in one process or in two that share their sessions.
import { expectNone, resultOf } from '../called.ts'
import { property } from '../finding.ts'
import { calls, type OpenStore } from '../open-store.ts'
import { atSomePace, rightedAfter } from '../pace.ts'
import type { StoreUnderTest } from '../store-under-test.ts'
import { expectAll, expectLength } from './ending.ts'
import { expectData, expectWithout } from './storing.ts'

const extra = { isExtra: true }
const SECOND = { name: 'second' }

/** A session, and two requests that have loaded it. The second one may be another process's. */
async function loadTwice(store: StoreUnderTest, first: OpenStore, second = first): Promise<string> {
  const id = store.newId()
  resultOf(await first.set(id, { cake: 'plum', tea: 'green', number: 1 }))
  resultOf(await first.load(id, 'A'))
  resultOf(await second.load(id, 'B'))
  return id
}

export const bothKept = property(
  'both-kept',
  'two requests that change different properties of a session both keep their change',
  async (store) => {
    const open = await store.open()
    const id = await loadTwice(store, open)
    resultOf(await open.save(id, 'B', { put: { cake: 'apple' } }))
    resultOf(await open.save(id, 'A', { put: { tea: 'black' } }))
    expectData(await open.get(id), { cake: 'apple', tea: 'black' }, 'request B set cake, and request A tea')
    // The request of the second save may go on, and save again.
    resultOf(await open.save(id, 'B', { put: { jam: 'fig' } }))
    expectData(await open.get(id), { cake: 'apple', tea: 'black', jam: 'fig' }, 'request B only added jam')
    // What it saves now is older than what is stored, in all that others have changed since.
    resultOf(await open.save(id, 'A', { put: { milk: 'oat' } }))
    const all = { cake: 'apple', tea: 'black', jam: 'fig', milk: 'oat' }
    expectData(await open.get(id), all, 'request A, which saved before, only added milk')
    await expectKeptBesideNew(store, open)
    await expectAllKept(store, open)
  },
  extra,
)

/** A request that has begun a session saves it twice. Another one has loaded it in between. */
async function expectKeptBesideNew(store: StoreUnderTest, open: OpenStore): Promise<void> {
  const id = store.newId()
  resultOf(await open.begin(id, 'A', { cake: 'plum', list: [1] }))
  resultOf(await open.load(id, 'B'))
  resultOf(await open.save(id, 'B', { push: { list: 2 } }))
  resultOf(await open.save(id, 'A', { put: { tea: 'black' } }))
  const both = { cake: 'plum', list: [1, 2], tea: 'black' }
  expectData(await open.get(id), both, 'since request A began it, B has changed only list, and A only tea')
}

const CROWD = [...'ABCDEFGH']

/** Many at once, each of which adds a property. */
async function expectAllKept(store: StoreUnderTest, open: OpenStore): Promise<void> {
  const id = store.newId()
  resultOf(await open.set(id, { cake: 'plum' }))
  for (const name of CROWD) resultOf(await open.load(id, name))
  const called = await open.together(CROWD.map((name) => calls.save(id, name, { put: { [name]: 1 } })))
  for (const one of called) resultOf(one)
  const all = Object.fromEntries(CROWD.map((name) => [name, 1]))
  expectData(
    await open.get(id),
    { cake: 'plum', ...all },
    `${CROWD.length} requests at once have each added a property`,
  )
}

export const changedMeanwhile = property(
  'changed-meanwhile',
  'what a request changes after it has called set is not stored by that set, but by its next one',
  async (store) => {
    const open = await store.open()
    const id = await loadTwice(store, open)
    const save = calls.saveAndChange(id, 'A', { put: { tea: 'black' } }, { put: { cake: 'apple' } })
    for (const called of await open.together([save])) resultOf(called)
    expectData(
      await open.get(id),
      { cake: 'plum', tea: 'black' },
      'cake was that when request A called set; what it has changed since, it has not saved',
    )
    resultOf(await open.save(id, 'A', {}))
    expectData(await open.get(id), { cake: 'apple', tea: 'black' }, 'request A has changed cake and saved it')
  },
)

export const touchAtOnce = property(
  'touch-at-once',
  'a touch at the same moment as a set undoes nothing of it',
  async (store) => {
    const open = await store.open()
    for (let round = 0; round < 4; round += 1) {
      const id = await loadTwice(store, open)
      const save = calls.save(id, 'A', { put: { cake: 'apple' } })
      const touch = calls.touch(id, 'B')
      for (const one of await open.together(round % 2 === 0 ? [save, touch] : [touch, save])) resultOf(one)
      expectData(await open.get(id), { cake: 'apple' }, 'request A set it, and request B changed nothing')
    }
  },
  extra,
)

export const deletedStays = property(
  'deleted-stays',
  'what one request deletes, another one does not bring back',
  async (store) => {
    const open = await store.open()
    for (const order of ['AB', 'BA']) {
      const id = await loadTwice(store, open)
      const changes = { A: { drop: ['tea'] }, B: { put: { cake: 'apple' } } }
      for (const request of order) resultOf(await open.save(id, request, changes[request as 'A' | 'B']))
      const called = await open.get(id)
      expectWithout(called, 'tea', 'request A has deleted it')
      expectData(called, { cake: 'apple', number: 1 }, 'request B has set cake')
    }
  },
  extra,
)

export const lastWins = property(
  'last-wins',
  'of two requests that change the same property, the last one wins',
  async (store) => {
    const open = await store.open()
    const id = await loadTwice(store, open)
    resultOf(await open.save(id, 'A', { put: { cake: 'apple' } }))
    resultOf(await open.save(id, 'B', { put: { cake: 'cherry' } }))
    expectData(await open.get(id), { cake: 'cherry', tea: 'green' }, 'request B was the last to set it')
  },
)

const LATE = 'it was destroyed; the request that set it since had begun before that'

export const lateSet = property(
  'late-set',
  'a request that was there before a session was destroyed does not bring it back with set',
  async (store) => {
    const open = await store.open()
    const id = await loadTwice(store, open)
    resultOf(await open.destroy(id))
    resultOf(await open.save(id, 'A', { put: { cake: 'apple' } }))
    expectNone(await open.get(id), LATE)
    resultOf(await open.save(id, 'A', { put: { cake: 'cherry' } }))
    expectNone(await open.get(id), `${LATE}, twice`)
    await expectAll(open, [], 'the only one was destroyed')
    await expectLength(open, 0, 'the only one was destroyed')
    const begun = store.newId()
    resultOf(await open.begin(begun, 'C', { cake: 'plum' }))
    resultOf(await open.destroy(begun))
    resultOf(await open.save(begun, 'C', { put: { cake: 'apple' } }))
    expectNone(await open.get(begun), 'it was destroyed; request C had begun and set it before that')
    const other = await loadTwice(store, open)
    const atOnce = [calls.destroy(other), calls.save(other, 'A', { put: { cake: 'apple' } })]
    for (const called of await open.together(atOnce)) resultOf(called)
    expectNone(await open.get(other), 'it was destroyed while a request was setting it')
    const cleared = await loadTwice(store, open)
    if (!open.has('clear')) return
    resultOf(await open.clear())
    resultOf(await open.save(cleared, 'A', { put: { cake: 'apple' } }))
    expectNone(
      await open.get(cleared),
      'the store was cleared; the request that set it since had begun before that',
    )
  },
  extra,
)

const OVER = 'its time was over when the request that had loaded it came to its end'

export const lateAfterEnd = property(
  'late-after-end',
  'a request that was there before the time of a session was over does not bring it back',
  async (store) => {
    await atSomePace(store, async (pace) => {
      const open = await store.open({ timeoutSeconds: pace.limitSeconds })
      await rightedAfter(open, async () => {
        const [id, touched] = [await loadTwice(store, open), store.newId()]
        resultOf(await open.set(touched, { cake: 'plum' }))
        resultOf(await open.load(touched, 'C'))
        await pace.passTo(open, 1.3)
        resultOf(await open.save(id, 'A', { put: { cake: 'apple' } }))
        expectNone(await open.get(id), OVER)
        await open.touch(touched, 'C')
        expectNone(await open.get(touched), OVER)
      })
    })
  },
  extra,
)

export const lateTouch = property(
  'late-touch',
  'a request that was there before a session was destroyed does not bring it back with touch',
  async (store) => {
    const open = await store.open({ timeoutSeconds: 1000 })
    const id = await loadTwice(store, open)
    resultOf(await open.destroy(id))
    // It may well be an error: there is nothing to touch.
    await open.touch(id, 'A')
    expectNone(await open.get(id), 'it was destroyed, and a late touch renews nothing')
    await expectLength(open, 0, 'the only one was destroyed')
  },
)

export const shared = property(
  'shared',
  'a second process finds the same sessions, and ends them for both',
  async (store) => {
    const first = await store.open()
    const second = await store.open({ beside: first, process: SECOND })
    const id = await loadTwice(store, first, second)
    expectData(await second.get(id), { cake: 'plum' }, 'the first process has set it')
    resultOf(await second.save(id, 'B', { put: { cake: 'apple' } }))
    expectData(await first.get(id), { cake: 'apple' }, 'the second process has set it')
    resultOf(await second.destroy(id))
    expectNone(await first.get(id), 'the second process has destroyed it')
  },
)

const ROUNDS = 6
/** In one process at once, so that the two are sure to meet; few enough that a slow lock has its turn. */
const BURST = 4
/** Reading and writing it takes longer than it takes to get a lock, so that a lock which does not hold is seen. */
const HEAVY_CHARACTERS = 300_000

export const sharedBothKept = property(
  'shared-both-kept',
  'two processes that change different properties of a session at once both keep their changes',
  async (store) => {
    const first = await store.open()
    const second = await store.open({ beside: first, process: SECOND })
    const id = store.newId()
    resultOf(await first.set(id, { heavy: { $text: ['x', HEAVY_CHARACTERS] } }))
    const all: Record<string, number> = {}
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = (process: string, number: number) => `${process}${round * BURST + number}`
      const burst = async (open: OpenStore, process: string) => {
        const names = Array.from({ length: BURST }, (_, number) => name(process, number))
        for (const one of await open.together(names.map((request) => calls.load(id, request)))) resultOf(one)
        for (const request of names) all[request] = 1
        return names.map((request) => calls.save(id, request, { put: { [request]: 1 } }))
      }
      const [one, other] = [await burst(first, 'A'), await burst(second, 'B')]
      const called = await Promise.all([first.together(one), second.together(other)])
      for (const each of called.flat()) resultOf(each)
      expectData(await first.get(id), all, 'requests of two processes at once have each added a property')
    }
    expectData(await second.get(id), all, 'requests of two processes at once have each added a property')
  },
  extra,
)

export const sharedLateSet = property(
  'shared-late-set',
  'a late request of one process does not bring back what the other one has destroyed',
  async (store) => {
    const first = await store.open()
    const second = await store.open({ beside: first, process: SECOND })
    const id = await loadTwice(store, first, second)
    resultOf(await second.destroy(id))
    resultOf(await first.save(id, 'A', { put: { cake: 'apple' } }))
    expectNone(await first.get(id), `the other process has destroyed it`)
    expectNone(await second.get(id), `it has destroyed it`)
    await first.touch(id, 'A')
    expectNone(await second.get(id), `it has destroyed it`)
  },
  extra,
)
