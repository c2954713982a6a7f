// The solution's routes, with another store behind them.
import express from 'express'
import { readPage, startPage } from '../../../../solutions/06-session-store/pages.ts'
import {
  deleteValue,
  listValues,
  parseValue,
  putValue,
} from '../../../../solutions/06-session-store/session-data.ts'
import { timesOf, useFileSessions } from './sessions.ts'

const app = express()
app.use(express.urlencoded({ extended: false }))
useFileSessions(app)

app.get('/', (_req, res) => void res.send(startPage()))
app.get('/read', async (req, res) => {
  res.send(readPage(listValues(req.session), await timesOf(req.sessionID)))
})
app.post('/create', (req, res, next) => {
  const { name, value } = req.body
  if (typeof name !== 'string' || typeof value !== 'string') return void res.sendStatus(400)
  putValue(req.session, parseValue(name, value))
  req.session.save((error) => (error ? next(error) : res.redirect(303, '/read')))
})
app.post('/delete', (req, res) => {
  if (listValues(req.session).some(({ name }) => name === req.body.name))
    deleteValue(req.session, req.body.name)
  res.redirect(303, '/read')
})
app.post('/delete_all', (req, res, next) => {
  req.session.destroy((error) =>
    error ? next(error) : res.clearCookie('sid', { httpOnly: true, sameSite: 'lax' }).redirect(303, '/'),
  )
})
app.listen(Number(process.env.PORT || 3006), '127.0.0.1')
