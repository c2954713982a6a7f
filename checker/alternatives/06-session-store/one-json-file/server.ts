// The values are a list of pairs in the session. The page is a table.
import express, { type Request } from 'express'
import { html, page } from '../../../../labs/kit/html.ts'
import { useFileSessions } from './sessions.ts'

const app = express()
app.use(express.urlencoded({ extended: true }))
const { store } = useFileSessions(app)

const valuesOf = (req: Request) => (req.session as { pairs?: [string, string][] }).pairs ?? []
const form = html`<form method="post" action="/create"><input name="name"><textarea name="value"></textarea><button>OK</button></form>`

app.get('/', (_req, res) => void res.send(page('Start', form)))

app.post('/create', (req, res) => {
  const { name, value } = req.body
  const isGood = typeof name === 'string' && typeof value === 'string' && /^[\w-]{1,40}$/.test(name)
  if (!isGood || name.endsWith('\n') || value.length > 1000) return void res.status(422).send('<p>No.</p>')
  const others = valuesOf(req).filter(([one]) => one !== name)
  Object.assign(req.session, { pairs: [...others, [name, value]] })
  res.redirect(303, '/read')
})

app.get('/read', (req, res) => {
  const times = store.timesOf(req.sessionID)
  if (!times) return void res.send(page('Read', html`<p>There is no session.</p>`))
  const rows = valuesOf(req).map(([name, value]) => html`<tr><td>${name}: ${value}</td></tr>`)
  const [made, used] = [new Date(times.made).toISOString(), new Date(times.used).toISOString()]
  res.send(
    page(
      'Read',
      html`<table>${rows}</table><p>Created <time datetime="${made}">then</time></p><p>Last access <time datetime="${used}">after that</time></p>`,
    ),
  )
})

app.post('/delete', (req, res) => {
  const left = valuesOf(req).filter(([name]) => name !== req.body.name)
  if (left.length < valuesOf(req).length) Object.assign(req.session, { pairs: left })
  res.redirect(303, '/read')
})

app.post('/delete_all', (req, res) => {
  req.session.destroy(() => {
    res.clearCookie('sid', { httpOnly: true, sameSite: 'strict', path: '/' }).redirect(303, '/')
  })
})

app.listen(Number(process.env.PORT || 3006), '127.0.0.1')
