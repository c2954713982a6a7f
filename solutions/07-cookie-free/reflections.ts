// Reflections: the teasers that have been published, with their replies. Given: nothing to do here.
import type { Database } from '#kit/database.ts'
import type { Api } from './api.ts'
import type { Settings } from './settings.ts'

/** What the actions work on. */
export interface Site {
  db: Database
  settings: Settings
}

/** A row of the table `teasers`. */
export interface Teaser {
  id: number
  title: string
  text: string
  /** From when on visitors see it, in milliseconds since 1970. */
  publishAt: number
  /** From when on nobody can reply or vote, in milliseconds since 1970. Null: never. */
  closesAt: number | null
}

/** A reply that visitors see. */
export interface Reply {
  id: number
  text: string
  /** Votes up, less votes down. */
  votes: number
}

/** What visitors see of a teaser. */
export type Reflection = Omit<Teaser, 'publishAt'> & { open: boolean; replies: Reply[] }

const LISTED =
  'SELECT id, text, votes FROM replies WHERE teaser = ? AND id > ? AND NOT quarantined ORDER BY id'

export function addReflectionRoutes(api: Api, { db, settings }: Site): void {
  api.post('/reflections', async () => {
    const nowMs = settings.now()
    const teasers = await db.all<Teaser>(
      'SELECT * FROM teasers WHERE publishAt <= ? ORDER BY publishAt DESC, id DESC',
      nowMs,
    )
    const reflections: Reflection[] = []
    for (const teaser of teasers) {
      const { publishAt, ...shown } = teaser
      reflections.push({
        ...shown,
        open: isOpen(teaser, nowMs),
        replies: await repliesAfter(db, teaser.id, 0),
      })
    }
    return { reflections }
  })
}

export function isOpen({ closesAt }: Teaser, nowMs: number): boolean {
  return closesAt === null || nowMs < closesAt
}

/** The teaser with this id, if it has been published. */
export function findPublished({ db, settings }: Site, id: number): Promise<Teaser | undefined> {
  return db.get<Teaser>('SELECT * FROM teasers WHERE id = ? AND publishAt <= ?', id, settings.now())
}

/** The listed replies to a teaser that are newer than the reply `last`, the oldest first. With 0: all. */
export function repliesAfter(db: Database, teaser: number, last: number): Promise<Reply[]> {
  return db.all<Reply>(LISTED, teaser, last)
}

/** Stores a teaser and returns its id. */
export async function addTeaser(db: Database, teaser: Omit<Teaser, 'id'>): Promise<number> {
  const row = await db.get<{ id: number }>(
    'INSERT INTO teasers (title, text, publishAt, closesAt) VALUES (?, ?, ?, ?) RETURNING id',
    teaser.title,
    teaser.text,
    teaser.publishAt,
    teaser.closesAt,
  )
  return row?.id ?? 0
}

/** Gives an empty database something to reply to: a teaser that is open, and one that is closed. */
export async function addExamples({ db, settings }: Site): Promise<void> {
  if (await db.get('SELECT id FROM teasers')) return
  const nowMs = settings.now()
  await addTeaser(db, {
    title: 'The ferryman',
    text: 'A ferryman carries everybody who cannot row. Can he carry himself?',
    publishAt: nowMs - 2000,
    closesAt: nowMs - 1000,
  })
  await addTeaser(db, {
    title: 'The library',
    text: 'A library lists all its books that do not mention themselves. Does the list belong in the list?',
    publishAt: nowMs - 1000,
    closesAt: null,
  })
}
