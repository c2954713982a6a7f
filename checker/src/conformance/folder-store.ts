// A store that keeps its sessions in files of a folder.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Shortfall } from './finding.ts'
import { filesIn } from './folder.ts'
import { OpenStore } from './open-store.ts'
import type { Processes } from './processes.ts'
import { CommandError } from './store-process.ts'
import type { Damage, OpenOptions, StoreUnderTest } from './store-under-test.ts'

export interface FolderStoreOptions {
  processes: Processes
  /** The compiled file with the store in it: a FileStore, or `openStore` that makes one. */
  module: () => Promise<string>
  /** A new empty folder, in which all stores get theirs. */
  folder: string
  /** A name that no session of this run has yet. */
  newId(): string
  /** Given what is done, as sentences. */
  tell?(says: string): void
  /** Given that what was done so far is no part of what follows. */
  forget?(): void
  lacks?: Record<string, string>
  isShared?: boolean
}

export function folderStore(options: FolderStoreOptions): StoreUnderTest {
  return {
    open: openWith(options),
    damage: async ({ place }, _id, damage) => damageFiles(place, damage),
    breakDown: async ({ place, tell }) => {
      rmSync(place, { recursive: true })
      writeFileSync(place, 'This is no folder.')
      tell('The folder is taken away. In its place is a file, so that nothing can work.')
    },
    isShared: options.isShared ?? true,
    lacks: options.lacks ?? {},
    newId: options.newId,
    forget: options.forget,
  }
}

/** Opens stores, each in a folder of its own unless it shares that of another one. */
export function openWith({
  processes,
  module,
  folder,
  tell = () => {},
}: FolderStoreOptions): StoreUnderTest['open'] {
  let places = 0
  return async ({ timeoutSeconds, beside, process }: OpenOptions = {}) => {
    // Two more folders around it belong to nobody else, so that what lands outside of it is seen.
    const place = beside?.place ?? path.join(folder, String(++places), 'in', 'here', 'sessions')
    mkdirSync(place, { recursive: true })
    const home = processes.get(process)
    const number = processes.newNumber()
    const which = beside
      ? `a second one, on the same folder${home === beside.process ? '' : ', in another process'}`
      : ''
    tell(`new FileStore({ folder, timeoutSeconds: ${timeoutSeconds} })${which && ` (${which})`}`)
    try {
      const parts = { store: number, module: await module(), options: { folder: place, timeoutSeconds } }
      const methods = (await home.ask('open', parts)) as string[]
      return new OpenStore({ place, process: home, number, methods, tell })
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      throw new Shortfall(
        'new FileStore({ folder, timeoutSeconds }) should make a store.',
        `It threw: ${error.message}`,
      )
    }
  }
}

/** Damages every file in the folder that has something in it. */
function damageFiles(folder: string, damage: Damage): void {
  for (const { file, bytes } of filesIn(folder)) {
    if (bytes > 0) writeFileSync(file, damagedText(readFileSync(file), damage))
  }
}

function damagedText(text: Buffer, damage: Damage): Buffer {
  if (damage === 'cut in the middle') return text.subarray(0, Math.floor(text.length / 2))
  if (damage === 'empty') return Buffer.alloc(0)
  // No text in UTF-8.
  if (damage === 'other bytes') return Buffer.alloc(text.length, 0xfe)
  if (damage === 'null in place of the cookie') return Buffer.from(withoutCookie(text.toString()))
  return Buffer.from(damage === 'other JSON' ? '{"cake":["plum"],"session":{}}' : 'null')
}

/** For a store whose files are something else than JSON, or have no cookie in them, that is no new damage. */
function withoutCookie(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text, (name, value) => (name === 'cookie' ? null : value)))
  } catch {
    return 'null'
  }
}
