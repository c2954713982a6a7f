// Files in the folder that are no sessions: those of others, and those that something has damaged.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { foundBy, resultOf } from '../called.ts'
import { expectThat, property, Shortfall } from '../finding.ts'
import { fileLines, filesIn } from '../folder.ts'
import type { OpenStore } from '../open-store.ts'
import { DAMAGES, type Damage } from '../store-under-test.ts'
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
