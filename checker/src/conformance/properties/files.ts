// Files in the folder that are no sessions: those of others, and those that something has damaged.
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { foundBy, resultOf } from '../called.ts'
import { DoesNotApply, expectThat, property, Shortfall } from '../finding.ts'
import { fileLines, filesIn, shortName } from '../folder.ts'
import type { OpenStore } from '../open-store.ts'
import { DAMAGES, type Damage } from '../store-under-test.ts'
import { comesTrue } from '../until.ts'
import { expectAll, expectLength } from './ending.ts'
import { expectData } from './storing.ts'

const FOREIGN: Record<string, string> = {
  'notes.txt': 'Do not forget the cake.',
  '.keep': '',
  'photo.jpg': '\u00ff\u00d8 no text at all',
  'settings.json': '{"colour":"green"}',
  [`old-${'0'.repeat(64)}.json`]: '{"colour":"red"}',
  // What an editor keeps beside a file, and a name that is as long as a hash.
  [`${'0'.repeat(64)}.json~`]: '{"colour":"blue"}',
  'What we all want to remember from the summer when everybody came.json': '{"colour":"sand"}',
  'backup/notes.txt': 'The cake of last year.',
}

export const foreignFiles = property(
  'foreign-files',
  'files of others in the folder are no sessions, and are never removed',
  async (store) => {
    const open = await store.open()
    for (const [name, text] of Object.entries(FOREIGN)) {
      const file = path.join(open.place, name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    const [id, other] = [store.newId(), store.newId()]
    resultOf(await open.set(id, { number: 1 }))
    resultOf(await open.set(other, { number: 2 }))
    await expectAll(open, [1, 2], 'two were set, and the other files in the folder are no sessions')
    await expectLength(open, 2, 'two were set, and the other files in the folder are no sessions')
    resultOf(await open.destroy(id))
    expectForeign(open, 'destroy')
    const again = await store.open({ beside: open, timeoutSeconds: 1000 })
    await expectAll(again, [2], 'one of two was destroyed')
    expectForeign(again, 'a new store on this folder')
    resultOf(await again.clear())
    expectForeign(again, 'clear')
    await expectAll(again, [], 'the store was cleared')
  },
)

function expectForeign(open: OpenStore, after: string): void {
  for (const [name, text] of Object.entries(FOREIGN)) {
    let found: string | undefined
    try {
      found = readFileSync(path.join(open.place, name), 'utf8')
    } catch {
      // Told below.
    }
    expectThat(
      found === text,
      `${name} in the folder is no session: it should stay as it is.`,
      `After ${after} it is ${found === undefined ? 'gone' : 'another'}.`,
      fileLines('in the folder', filesIn(open.place)),
    )
  }
}

export const damaged = property(
  'damaged',
  'what is stored and damaged is no session, never an error; a session can be set in its place',
  async (store) => {
    const tryDamage = async (damage: Damage) => {
      const open = await store.open()
      const id = store.newId()
      resultOf(await open.set(id, { number: 1 }))
      resultOf(await open.set(store.newId(), { number: 1 }))
      const before = filesIn(open.place)
      await store.damage(open, id, damage)
      open.tell(`What is in the files is damaged: ${damage}.`)
      const detail = [...fileLines('before', before), ...fileLines('after', filesIn(open.place))]
      await reported(damage, detail, async () => {
        const again = await store.open({ beside: open })
        for (const one of [again, open]) await expectNoneOrWhole(one, id)
        resultOf(await open.set(id, { number: 2 }))
        expectData(await open.get(id), { number: 2 }, 'it was set after the damage')
        if (store.isShared) {
          expectData(await again.get(id), { number: 2 }, 'it was set after the damage')
        }
      })
    }
    for (const damage of DAMAGES) {
      store.forget?.()
      await tryDamage(damage)
    }
  },
)

/** Half of what was stored may still have the session in it, whole. */
async function expectNoneOrWhole(open: OpenStore, id: string): Promise<void> {
  const called = await open.get(id)
  const given = foundBy(called)
  expectThat(
    given === null || given.data.number === 1,
    `${called.says} should find no session, or the whole one.`,
    `It finds ${JSON.stringify(given?.data)}.`,
  )
  if (!open.has('all')) return
  const all = resultOf(await open.all())?.sessions ?? []
  expectThat(
    all.every((one) => one?.data?.number === 1),
    'all() should give nothing but whole sessions.',
    `It gives ${JSON.stringify(all.map((one) => one?.data))}.`,
  )
  await expectLength(open, all.length, 'all() gives so many')
}

/** Says in each shortfall what was damaged. */
async function reported(damage: string, detail: string[], body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Shortfall)) throw error
    throw new Shortfall(`What is stored was damaged: ${damage}. ${error.expected}`, error.got, [
      ...detail,
      ...error.detail,
    ])
  }
}

/** What a folder has in which others may look around. */
const OPEN_TO_ALL = 0o755

/** Not among all properties: it is the chapter's own, and of the stores measured few have files. */
export const ownerOnly = property(
  'owner-only',
  'only the user who runs the app can read what is stored',
  async (store) => {
    const first = await store.open()
    if (!keepsModes(path.join(first.place, '..', 'private'))) {
      throw new DoesNotApply('Here, a file cannot be for its owner only.')
    }
    chmodSync(first.place, OPEN_TO_ALL)
    first.tell(`The folder gets the mode ${OPEN_TO_ALL.toString(8)}: all users may look into it.`)
    // A store may close its folder as it begins, in place of each file.
    const open = await store.open({ beside: first })
    const id = store.newId()
    resultOf(await open.set(id, { number: 1 }))
    resultOf(await open.set(id, { number: 2 }))
    // A lock or the like may be there for a moment. What is empty tells nothing.
    const readable = () =>
      filesIn(open.place).find(({ file, bytes }) => bytes > 0 && isForOthers(file, open.place))
    await comesTrue(() => readable() === undefined)
    const found = readable()
    expectThat(
      found === undefined,
      'Only the user who runs the app should be able to read what is stored.',
      `All users can read ${shortName(found?.name ?? '')}: its mode is ${found && modeOf(found.file).toString(8)}, and not 600.`,
    )
  },
)

/** Whether a file can have a mode here. On Windows, and on some disks elsewhere, all have the same. */
function keepsModes(file: string): boolean {
  writeFileSync(file, '', { mode: 0o600 })
  return modeOf(file) === 0o600
}

/** Others may read the file, and enter each folder on the way to it. */
function isForOthers(file: string, folder: string): boolean {
  if ((modeOf(file) & 0o044) === 0) return false
  for (let around = path.dirname(file); around.length >= folder.length; around = path.dirname(around)) {
    if ((modeOf(around) & 0o011) === 0) return false
  }
  return true
}

/** Nothing is allowed in what has gone meanwhile. */
function modeOf(file: string): number {
  return (lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
}
