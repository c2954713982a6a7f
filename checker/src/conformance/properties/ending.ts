// Ending sessions, listing and counting them.
import { expectNone, resultOf } from '../called.ts'
import { expectThat, property, Shortfall } from '../finding.ts'
import { calls, type OpenStore } from '../open-store.ts'
import type { GivenSession } from '../store-under-test.ts'
import { expectData } from './storing.ts'

/** `all` gives exactly the sessions with these values of `number`, as an array or as an object by ids. */
export async function expectAll(open: OpenStore, numbers: number[], because: string): Promise<void> {
  if (!open.has('all')) return
  const called = await open.all()
  const given = resultOf(called)
  const kind = given?.kind ?? 'undefined'
  if (!given || (kind !== 'array' && kind !== 'object')) {
    throw new Shortfall(
      'all() should give the sessions in an array, or in an object.',
      `It gives something else: ${kind}.`,
    )
  }
  const found = given.sessions.map((session) => session?.data.number)
  expectThat(
    JSON.stringify(found.toSorted()) === JSON.stringify(numbers.toSorted()),
    `all() should give ${count(numbers.length, 'session')}, because ${because}.`,
    `It gives ${found.length}${found.length === numbers.length ? ', and not these' : ''}.`,
  )
}

/** `length` gives this number. */
export async function expectLength(open: OpenStore, wanted: number, because: string): Promise<void> {
  if (!open.has('length')) return
  const length = resultOf(await open.length())
  expectThat(
    length === wanted,
    `length() should give ${wanted}, because ${because}.`,
    `It gives ${JSON.stringify(length) ?? 'undefined'}.`,
  )
}

function count(number: number, thing: string): string {
  return `${number === 0 ? 'no' : number} ${thing}${number === 1 ? '' : 's'}`
}

export const destroy = property('destroy', 'destroy ends one session, and no other', async (store) => {
  const open = await store.open()
  const [id, other] = [store.newId(), store.newId()]
  resultOf(await open.set(id, { number: 1 }))
  resultOf(await open.set(other, { number: 2 }))
  const [destroyed, got] = await open.followed<GivenSession>(calls.destroy(id), calls.get(id))
  resultOf(destroyed)
  expectNone(got, 'destroy has called back, so it should be gone')
  expectData(await open.get(other), { number: 2 }, 'only another one was destroyed')
  resultOf(await open.destroy(id))
  resultOf(await open.destroy(store.newId()))
  expectData(await open.get(other), { number: 2 }, 'it was not destroyed')
})

export const all = property('all', 'all gives the sessions that there are', async (store) => {
  const open = await store.open()
  const ids = [store.newId(), store.newId(), store.newId()]
  expectThat(open.has('all'), 'The store should have a method "all".', 'It has none.')
  await expectAll(open, [], 'none was set')
  for (const [index, id] of ids.entries()) resultOf(await open.set(id, { number: index + 1 }))
  await expectAll(open, [1, 2, 3], 'so many were set')
  resultOf(await open.load(ids[0] ?? '', 'A'))
  resultOf(await open.save(ids[0] ?? '', 'A', { put: { number: 4 } }))
  await expectAll(open, [2, 3, 4], 'one of the three was set again')
  resultOf(await open.destroy(ids[1] ?? ''))
  await expectAll(open, [3, 4], 'one of the three was destroyed')
})

export const length = property('length', 'length counts the sessions that there are', async (store) => {
  const open = await store.open()
  const [id, other] = [store.newId(), store.newId()]
  expectThat(open.has('length'), 'The store should have a method "length".', 'It has none.')
  await expectLength(open, 0, 'none was set')
  resultOf(await open.set(id, { number: 1 }))
  resultOf(await open.set(other, { number: 2 }))
  resultOf(await open.load(other, 'A'))
  resultOf(await open.save(other, 'A', { put: { number: 3 } }))
  await expectLength(open, 2, 'two were set, one of them twice')
  resultOf(await open.destroy(id))
  await expectLength(open, 1, 'one of two was destroyed')
})

export const clear = property('clear', 'clear ends all sessions', async (store) => {
  const open = await store.open()
  expectThat(open.has('clear'), 'The store should have a method "clear".', 'It has none.')
  resultOf(await open.clear())
  const ids = [store.newId(), store.newId(), store.newId()]
  for (const [index, id] of ids.entries()) resultOf(await open.set(id, { number: index }))
  const [cleared, got] = await open.followed<GivenSession>(calls.clear(), calls.get(ids[2] ?? ''))
  resultOf(cleared)
  expectNone(got, 'clear has called back, so all should be gone')
  for (const id of ids) expectNone(await open.get(id), 'the store was cleared')
  await expectAll(open, [], 'the store was cleared')
  await expectLength(open, 0, 'the store was cleared')
  const next = store.newId()
  resultOf(await open.set(next, { number: 5 }))
  expectData(await open.get(next), { number: 5 }, 'it was set after the store was cleared')
})
