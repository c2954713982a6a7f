// How much is in the database, for the page behind the scenes. Given: nothing to do here.
import { db } from './database.ts'

export interface TableRows {
  table: string
  /** How many rows it has. Undefined while there is no such table. */
  rows: number | undefined
}

/** Counts the rows of both tables, those of ended sessions included. */
export async function countRows(): Promise<TableRows[]> {
  return [
    { table: 'sessions', rows: await count('sessions') },
    { table: 'likes', rows: await count('likes') },
  ]
}

async function count(table: 'sessions' | 'likes'): Promise<number | undefined> {
  const known = await db.get(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ?`, table)
  if (!known) return undefined
  // A table's name cannot be a `?`; here it is one of two that we wrote ourselves.
  return (await db.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`))?.rows
}
