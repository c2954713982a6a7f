// Ids that are more than a name where they become one of a file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expectNone, resultOf } from '../called.ts'
import { expectThat, property } from '../finding.ts'
import { fileLines, filesIn } from '../folder.ts'
import { expectData } from './storing.ts'

const ODD_IDS = [
  '../../x',
  '../x',
  'a/b',
  'a\\b',
  'a%2Fb',
  'a:b',
  'CON',
  'nul.json',
  '.',
  '..',
  '__proto__',
  'constructor',
  'Abc',
  'aBC',
  'abc',
  'x'.repeat(300),
  'x'.repeat(301),
  '*?"<>|',
  '💥',
]

/** A session that is not in the folder, in a file that an id may lead to. */
const PLANTED = JSON.stringify({ cookie: { path: '/' }, planted: true, __lastAccess: 4102444800000 })

export const oddIds = property(
  'odd-ids',
  'whatever an id is, it stays in the folder and is never taken for another',
  async (store) => {
    const open = await store.open()
    // Two folders further up, nobody else has anything.
    const outside = path.resolve(open.place, '..', '..', '..')
    const planted = ['planted', 'planted.json'].map((name) => path.join(open.place, '..', name))
    mkdirSync(path.dirname(open.place), { recursive: true })
    for (const file of planted) writeFileSync(file, PLANTED)
    const elsewhere = () =>
      filesIn(outside).filter(
        ({ file }) => !file.startsWith(open.place + path.sep) && !planted.includes(file),
      )
    for (const id of ['../planted', '../planted.json', path.join(open.place, '..', 'planted')]) {
      expectNone(await open.get(id), 'it was never set')
      // It may be an error, but nothing more.
      await open.destroy(id)
    }
    for (const [number, id] of ODD_IDS.entries()) resultOf(await open.set(id, { number }))
    for (const [number, id] of ODD_IDS.entries()) {
      expectData(await open.get(id), { number }, 'every id should have a session of its own')
    }

    const [first] = elsewhere()
    expectThat(
      first === undefined,
      'All files of the store should be in its folder, whatever the ids are.',
      'Some are elsewhere.',
      fileLines('outside of the folder', elsewhere()),
    )
    for (const file of planted) {
      expectThat(
        readOrNothing(file) === PLANTED,
        'What is outside of the folder should stay as it is.',
        `get, set or destroy of "../planted" has changed ../${path.basename(file)}.`,
      )
    }
  },
)

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
