// The stores of the table in docs/pages/stores.md: which they are, and what cannot be asked of them.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../lab/lab.ts'

export interface RealStore {
  /** As in the table. */
  name: string
  /** The package it comes from, whose version is told. Undefined: it is the one of this workbook. */
  package?: string
  /** The file in `stores/` that opens it. */
  file?: string
  needsRedis?: boolean
  isInMemory?: boolean
  /** Properties that cannot be asked of it, and why not. */
  lacks: Record<string, string>
}

const IN_MEMORY = 'It keeps its sessions in the memory of the process.'
const NO_FOLDER = 'It has no folder of its own.'
const NO_TIMEOUT = 'It has no option for how long a session may be unused.'
const HAS_FILES_OF_SQLITE = 'What is in its file is for SQLite to keep whole.'

const inMemory = {
  'foreign-files': NO_FOLDER,
  damaged: IN_MEMORY,
  'disk-full': IN_MEMORY,
  'never-half': IN_MEMORY,
  crash: IN_MEMORY,
  removed: IN_MEMORY,
  'shared-both-kept': IN_MEMORY,
  'shared-late-set': IN_MEMORY,
}

const inSqlite = {
  'foreign-files': NO_FOLDER,
  idle: NO_TIMEOUT,
  'touch-idle': NO_TIMEOUT,
  removed: HAS_FILES_OF_SQLITE,
}

export const realStores: RealStore[] = [
  { name: 'FileStore', lacks: {} },
  {
    name: 'MemoryStore',
    package: 'express-session',
    file: 'memory-store',
    isInMemory: true,
    lacks: { ...inMemory, idle: NO_TIMEOUT, 'touch-idle': NO_TIMEOUT },
  },
  { name: 'memorystore', package: 'memorystore', file: 'memorystore', isInMemory: true, lacks: inMemory },
  { name: 'session-file-store', package: 'session-file-store', file: 'session-file-store', lacks: {} },
  { name: 'connect-sqlite3', package: 'connect-sqlite3', file: 'connect-sqlite3', lacks: inSqlite },
  {
    name: 'connect-session-knex',
    package: 'connect-session-knex',
    file: 'connect-session-knex',
    lacks: inSqlite,
  },
  {
    name: 'connect-redis',
    package: 'connect-redis',
    file: 'connect-redis',
    needsRedis: true,
    lacks: {
      'foreign-files': NO_FOLDER,
      'disk-full': 'Redis is another process, which writes no file for a single session.',
      removed: NO_FOLDER,
    },
  },
]

/** Where the compiled module is that opens a store. */
export function moduleOf({ file }: RealStore): string {
  const here = path.dirname(fileURLToPath(import.meta.url))
  return path.join(here, 'stores', `${file}${path.extname(fileURLToPath(import.meta.url))}`)
}

/** The version that is installed. */
export function versionOf(store: RealStore): string {
  const file = store.package ? `node_modules/${store.package}/package.json` : 'package.json'
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')).version
}
