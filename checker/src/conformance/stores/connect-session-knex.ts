// The package connect-session-knex, with a file of SQLite, as the host of stores opens it.
import path from 'node:path'
import { ConnectSessionKnexStore } from 'connect-session-knex'
import knex, { type Knex } from 'knex'
import type { StoreOptions } from './store-options.ts'

const connections = new WeakMap<ConnectSessionKnexStore, Knex>()

export async function openStore({ folder }: StoreOptions) {
  const connection = knex({
    client: 'sqlite3',
    connection: { filename: path.join(folder, 'sessions.db') },
    useNullAsDefault: true,
  })
  const store = new ConnectSessionKnexStore({ knex: connection, cleanupInterval: 1000 })
  await store.ready
  connections.set(store, connection)
  return store
}

/** Leaves half of the JSON of a session. */
export async function damage(store: ConnectSessionKnexStore, id: string) {
  await connections
    .get(store)
    ?.raw('UPDATE sessions SET sess = substr(sess, 1, length(sess) / 2) WHERE sid = ?', [id])
}

export async function breakDown(store: ConnectSessionKnexStore) {
  await connections.get(store)?.raw('DROP TABLE sessions')
}
