// What is stored is the old session or the new one, whatever happens while it is written.
import { expectUnharmed, resultOf, sessionOf } from '../called.ts'
import { DoesNotApply, expectThat, property, Shortfall } from '../finding.ts'
import { fileLines, filesIn, type StoredFile } from '../folder.ts'
import { calls, type OpenStore } from '../open-store.ts'
import type { Called, GivenSession, StoreUnderTest } from '../store-under-test.ts'
import { comesTrue } from '../until.ts'
import { expectData } from './storing.ts'

/** Writing it takes some milliseconds and several calls of the system. */
const LARGE_CHARACTERS = 1_000_000

/** Less than a large session has. */
const DISK_KILOBYTES = 256

/** On Windows, a process cannot be kept from writing large files. There it is killed when it has begun one. */
const isLimitable = process.platform !== 'win32'

/** Ten seconds: a lock of a process that was killed may have to be waited for. */
const PATIENT_LOOKS = 100

const large = (character: string) => ({ text: { $text: [character, LARGE_CHARACTERS] } })

/** The session with a large text, from its first character to its last. @returns the first one */
function expectWhole(called: Called<GivenSession>, because: string): string {
  const { text } = sessionOf(called, because).data
  const [character, length] = (text as { $text?: [string, number] } | undefined)?.$text ?? ['', 0]
  expectThat(
    length === LARGE_CHARACTERS && character.length === 1,
    `${called.says} should give a whole session, because ${because}.`,
    `It gives one of which ${length} of ${LARGE_CHARACTERS} characters are there.`,
  )
  return character
}

export const diskFull = property(
  'disk-full',
  'when the disk is full the old session stays, and nothing else is left behind',
  async (store) => {
    if (!isLimitable) throw new DoesNotApply('On Windows, this cannot be tried.')
    const full = { name: 'full', fileMaxKilobytes: DISK_KILOBYTES }
    const open = await store.open({ process: full })
    const id = store.newId()
    resultOf(await open.set(id, { cake: 'plum' }))
    const before = filesIn(open.place)
    const called = await open.set(id, large('x'))
    expectUnharmed({ ...called, says: 'set of a session for which the disk has no room' })
    expectThat(
      called.error !== null,
      'set should call back with an error when the disk has no room for the session.',
      'It calls back without one.',
    )
    await expectNoMoreFiles(open.place, before, 0, 'A set that fails should leave no file behind.')
    const reader = await store.open({ beside: open })
    expectData(await reader.get(id), { cake: 'plum' }, 'the disk had no room for the new one')
    expectData(await open.get(id), { cake: 'plum' }, 'the disk had no room for the new one')
    resultOf(await open.set(id, { cake: 'apple' }))
    expectData(await reader.get(id), { cake: 'apple' }, 'for this one there was room')
  },
)

/** There are at most so many files more than before, sooner or later. */
async function expectNoMoreFiles(folder: string, before: StoredFile[], more: number, expected: string) {
  const fits = await comesTrue(() => filesIn(folder).length <= before.length + more)
  const after = filesIn(folder)
  expectThat(fits, expected, `There are ${after.length - before.length} more than before.`, [
    ...fileLines('before', before),
    ...fileLines('after', after),
  ])
}

const WRITES = 6

export const neverHalf = property(
  'never-half',
  'who reads a session while another process writes it gets the old one or the new one',
  async (store) => {
    const reader = await store.open()
    const writer = await store.open({ beside: reader, process: { name: 'second' } })
    const id = store.newId()
    resultOf(await writer.set(id, large('a')))
    const before = filesIn(reader.place)
    let writing = true
    const write = async () => {
      try {
        for (let letter = 1; letter <= WRITES; letter += 2) {
          // Two at once, which must not get in each other's way.
          const atOnce = [letter, letter + 1].map((one) =>
            calls.set(id, large(String.fromCharCode(97 + one))),
          )
          for (const called of await writer.together(atOnce)) resultOf(called)
        }
      } finally {
        writing = false
      }
    }
    const read = async () => {
      while (writing) {
        expectWhole(await reader.get(id), 'another process is only setting it anew')
      }
    }
    await Promise.all([write(), read()])
    await expectNoMoreFiles(
      reader.place,
      before,
      0,
      'Setting a session often should leave one as many files.',
    )
  },
)

const CRASHES = 2

export const crash = property(
  'crash',
  'a crash in the middle of a write leaves the old session or the new one, and the store goes on',
  async (store) => {
    const survivor = await store.open()
    const id = store.newId()
    resultOf(await survivor.set(id, large('a')))
    const before = filesIn(survivor.place)
    const outside = filesIn(survivor.process.home)
    for (let round = 1; round <= CRASHES; round += 1) {
      await crashWhileWriting(store, survivor, id, String.fromCharCode(97 + round))
      expectWhole(await survivor.get(id), 'another process was killed while it set it anew')
    }
    const after = await store.open({ beside: survivor })
    expectWhole(await after.get(id), 'another process was killed while it set it anew')
    const [called] = await after.together([calls.set(id, large('z'), { looksMax: PATIENT_LOOKS })])
    resultOf(called as Called)
    const now = expectWhole(await survivor.get(id), 'it was set after the crash')
    if (now !== 'z') throw new Shortfall('After the crash, set should work as before.', 'It has no effect.')
    const expected = `After ${CRASHES} crashes, a new store should remove what they left behind.`
    // A single name for what is not finished yet may stay; one more with each crash would fill the disk.
    await expectNoMoreFiles(survivor.place, before, 1, expected)
    await expectNoMoreFiles(survivor.process.home, outside, 0, expected)
  },
)

/** Has another process set the session, and has it die in the middle of the file. */
async function crashWhileWriting(store: StoreUnderTest, beside: OpenStore, id: string, letter: string) {
  const process = { name: `victim ${letter}`, fileMaxKilobytes: DISK_KILOBYTES, diesWhenFull: true }
  const victim = await store.open({ beside, process: isLimitable ? process : { name: process.name } })
  const sizes = new Map(filesIn(beside.place).map(({ name, bytes }) => [name, bytes]))
  let over = false
  const end = () => {
    over = true
  }
  const writing = victim.set(id, large(letter), { looksMax: PATIENT_LOOKS }).then(end, end)
  if (!isLimitable) await watched(() => over || hasChanged(beside.place, sizes))
  else await writing
  await victim.process.kill()
  await writing
}

/** Waits for something that may be over in a moment. */
async function watched(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** A new file with something in it, or an old one of another size. An empty new one may be a lock. */
function hasChanged(folder: string, sizes: Map<string, number>): boolean {
  return filesIn(folder).some(({ name, bytes }) => bytes !== (sizes.get(name) ?? 0))
}
