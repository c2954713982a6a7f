// What the editors do behind their password: write, publish, bump, release. Given: nothing to do here.
import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '#kit/app.ts'
import type { Api, Call, Fields } from './api.ts'
import { parseText, parseWholeNumber } from './fields.ts'
import { addTeaser, type Reply, type Site, type Teaser } from './reflections.ts'
import type { SessionInterface } from './session.ts'

const TITLE_MAX_CHARACTERS = 200
const TEXT_MAX_CHARACTERS = 1000

export function addAdminRoutes(api: Api, { db, settings }: Site, sessions: SessionInterface): void {
  api.post('/admin/login', async (call) => {
    if (!isPassword(call.fields.password, settings.adminPassword)) {
      throw new Refusal(403, 'That is not the password.')
    }
    // Somebody else may know the old token (session fixation, CWE-384).
    call.session = await sessions.renew(call.session)
    call.session.data.isAdmin = true
    return {}
  })

  api.post('/admin/teasers', async (call) => {
    requireAdmin(call)
    const teasers = await db.all<Teaser>('SELECT * FROM teasers ORDER BY publishAt DESC, id DESC')
    const hidden = await db.all<Reply & { teaser: number }>(
      'SELECT id, text, votes, teaser FROM replies WHERE quarantined ORDER BY id',
    )
    return {
      teasers: teasers.map((teaser) => ({
        ...teaser,
        quarantined: hidden
          .filter((reply) => reply.teaser === teaser.id)
          .map(({ teaser, ...reply }) => reply),
      })),
    }
  })

  api.post('/admin/publish', async (call) => {
    requireAdmin(call)
    return { id: await addTeaser(db, parseTeaser(call.fields)) }
  })

  api.post('/admin/bump', async (call) => {
    requireAdmin(call)
    const { changes } = await db.run(
      'UPDATE teasers SET publishAt = ? WHERE id = ?',
      settings.now(),
      parseWholeNumber(call.fields.id) ?? 0,
    )
    if (changes === 0) throw new Refusal(404, 'There is no such teaser.')
    return {}
  })

  api.post('/admin/release', async (call) => {
    requireAdmin(call)
    // With its old votes, the next one down would hide it again.
    const { changes } = await db.run(
      'UPDATE replies SET quarantined = 0, votes = 0 WHERE id = ? AND quarantined',
      parseWholeNumber(call.fields.reply) ?? 0,
    )
    if (changes === 0) throw new Refusal(404, 'There is no such reply in quarantine.')
    return {}
  })
}

/** @throws Refusal 403 */
function requireAdmin({ session }: Call): void {
  if (!session.data.isAdmin) throw new Refusal(403, 'This is for the editors. Log in first.')
}

/** Compares hashes, which are of equal length, in a time that does not tell how much is right. */
function isPassword(given: unknown, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return typeof given === 'string' && timingSafeEqual(hash(given), hash(right))
}

/** @throws Refusal 400 */
function parseTeaser({ title, text, publishAt, closesAt }: Fields): Omit<Teaser, 'id'> {
  const teaser = {
    title: parseText(title, TITLE_MAX_CHARACTERS),
    text: parseText(text, TEXT_MAX_CHARACTERS),
    publishAt: parseWholeNumber(publishAt),
    closesAt: closesAt === null ? null : parseWholeNumber(closesAt),
  }
  if (Object.values(teaser).includes(undefined)) {
    throw new Refusal(
      400,
      'A teaser needs a title (200 characters), a text (1,000) and a time to publish it.',
    )
  }
  return teaser as Omit<Teaser, 'id'>
}
