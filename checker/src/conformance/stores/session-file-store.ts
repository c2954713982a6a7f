// The package session-file-store, as the host of stores opens it.
import { createRequire } from 'node:module'
import session from 'express-session'
import type { StoreOptions } from './store-options.ts'

const FileStore = createRequire(import.meta.url)('session-file-store')(session)

export function openStore({ folder, timeoutSeconds }: StoreOptions) {
  return new FileStore({
    path: folder,
    ttl: timeoutSeconds ?? Number.POSITIVE_INFINITY,
    reapInterval: 1,
    logFn: () => {},
  })
}
