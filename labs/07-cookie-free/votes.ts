// A visitor votes on a reply; too many votes down hide it. Given: nothing to do here.
import type { Api } from './api.ts'
import { parseWholeNumber } from './fields.ts'
import { askCaptcha, noteAct, solveCaptcha } from './human.ts'
import { findPublished, isOpen, type Reply, type Site } from './reflections.ts'

export function addVoteRoute(api: Api, site: Site): void {
  const { db, settings } = site
  api.post('/vote', async ({ session: { data }, fields }) => {
    noteAct(data, settings)
    const reply = await db.get<Reply & { teaser: number }>(
      'SELECT * FROM replies WHERE id = ? AND NOT quarantined',
      parseWholeNumber(fields.reply) ?? 0,
    )
    const teaser = reply && (await findPublished(site, reply.teaser))
    const step = fields.vote === 'up' ? 1 : fields.vote === 'down' ? -1 : undefined
    if (!teaser || step === undefined) return { outcome: 'invalid' }
    if (!isOpen(teaser, settings.now())) return { outcome: 'closed' }
    if (data.tainted && !solveCaptcha(data, fields.captcha)) return askCaptcha(data)

    const votes = reply.votes + step
    const quarantined = votes <= -settings.quarantineVotes
    await db.run(
      'UPDATE replies SET votes = ?, quarantined = ? WHERE id = ?',
      votes,
      Number(quarantined),
      reply.id,
    )
    return { outcome: 'success', votes, quarantined }
  })
}
