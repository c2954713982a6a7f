// Without Express: Node's own server, and the session middleware called by hand. Values are pairs in a list.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Request, Response } from 'express'
import type { Session } from 'express-session'
import { escapeHtml } from '../../../../labs/kit/html.ts'
import { fileSessions } from './sessions.ts'

type WithSession = IncomingMessage & { session: Session & { values?: [string, string][] }; sessionID: string }

const { store, middleware } = fileSessions()
const keptOf = promisify(store.kept.bind(store))

function send(res: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body)
}

function redirect(res: ServerResponse, to: string): void {
  res.statusCode = 303
  res.setHeader('Location', to)
  res.end()
}

async function readPage(req: WithSession): Promise<string> {
  const kept = await keptOf(req.sessionID)
  if (!kept) return '<p>There is no session.</p>'
  const items = (req.session.values ?? []).map(([name, value]) => `<dt>${name}: ${escapeHtml(value)}</dt>`)
  const time = (ms: number) => `<time datetime='${new Date(ms).toISOString()}'></time>`
  return `<dl>${items.join('\n')}</dl>Created ${time(kept.since)} Last access ${time(kept.usedMs)}`
}

async function answer(req: WithSession, res: ServerResponse): Promise<void> {
  const form = new URLSearchParams(req.method === 'POST' ? await text(req) : '')
  const [names, values] = [form.getAll('name'), form.getAll('value')]
  const others = () => (req.session.values ?? []).filter(([name]) => name !== names[0])
  switch (`${req.method} ${req.url}`) {
    case 'GET /':
      return send(res, 200, '<form method=post action=/create><input name=name><input name=value></form>')
    case 'GET /read':
      return send(res, 200, await readPage(req))
    case 'POST /create': {
      const [name = '', value = ''] = [names[0], values[0]]
      const isRefused = names.length !== 1 || values.length !== 1 || value.length > 1000
      if (isRefused || !/^[a-z0-9_-]{1,40}$/i.test(name)) return send(res, 400, '<p>Refused</p>')
      req.session.values = [...others(), [name, value]]
      return redirect(res, '/read')
    }
    case 'POST /delete':
      if (others().length < (req.session.values?.length ?? 0)) req.session.values = others()
      return redirect(res, '/read')
    case 'POST /delete_all':
      await promisify(req.session.destroy.bind(req.session))()
      res.setHeader('Set-Cookie', 'sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
      return redirect(res, '/')
    default:
      return send(res, 404, '<p>Nothing here</p>')
  }
}

createServer((req, res) => {
  middleware(req as Request, res as Response, (error) => {
    if (error) return send(res, 500, '<p>Trouble</p>')
    answer(req as WithSession, res).catch(() => res.destroy())
  })
}).listen(Number(process.env.PORT ?? 3006), '127.0.0.1')
