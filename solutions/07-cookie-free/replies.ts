// A visitor replies to a reflection: five outcomes. Given: nothing to do here.
import type { Api } from './api.ts'
import { parseText, parseWholeNumber } from './fields.ts'
import { askCaptcha, noteAct, solveCaptcha } from './human.ts'
import { findPublished, isOpen, repliesAfter, type Site } from './reflections.ts'
import type { SessionData } from './session.ts'
import type { Settings } from './settings.ts'

const REPLY_MAX_CHARACTERS = 1000

export function addReplyRoute(api: Api, site: Site): void {
  const { db, settings } = site
  api.post('/reply', async ({ session: { data }, fields }) => {
    noteAct(data, settings)
    const text = parseText(fields.text, REPLY_MAX_CHARACTERS)
    const last = parseWholeNumber(fields.last)
    const teaser = await findPublished(site, parseWholeNumber(fields.reflection) ?? 0)
    if (text === undefined || last === undefined || teaser === undefined) return { outcome: 'invalid' }
    if (!isOpen(teaser, settings.now())) return { outcome: 'closed' }

    const meanwhile = await repliesAfter(db, teaser.id, last)
    if (meanwhile.length > 0) return { outcome: 'ninja', replies: meanwhile }
    if (needsCaptcha(data, settings) && !solveCaptcha(data, fields.captcha)) return askCaptcha(data)

    await db.run('INSERT INTO replies (teaser, text) VALUES (?, ?)', teaser.id, text)
    data.lastReplyMs = settings.now()
    return { outcome: 'success', replies: await repliesAfter(db, teaser.id, last) }
  })
}

function needsCaptcha({ tainted, lastReplyMs }: SessionData, { now, replySeconds }: Settings): boolean {
  return tainted === true || (lastReplyMs !== undefined && now() < lastReplyMs + replySeconds * 1000)
}
