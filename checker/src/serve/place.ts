// Where a lab's app runs, and with which environment.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { developmentEnvironment } from '../app/environment.ts'
import { stateFolder } from '../lab/lab.ts'
import type { Instance } from './instance.ts'
import type { Key } from './keyboard.ts'

/** What one command runs. */
export interface Served {
  /** Lines about where to find it. */
  says: string[]
  instances: Instance[]
  keys: Key[]
  /** Ends all but the instances. */
  close(): Promise<void>
}

/** A folder for what an app stores; it stays from one start to the next. */
export function dataFolder(...names: string[]): string {
  const folder = path.join(stateFolder, 'data', names.join('-'))
  mkdirSync(folder, { recursive: true })
  return folder
}

/** What the student has set by hand goes first; whoever tries production brings a secret. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  if (process.env.NODE_ENV === 'production') return process.env
  return { ...developmentEnvironment, ...process.env }
}
