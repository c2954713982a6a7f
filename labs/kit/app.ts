// An Express app with what every lab needs: form fields, the style sheet, clear error pages, a start message.
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import express, { type ErrorRequestHandler, type Express, type Request } from 'express'
import { host, LOOPBACK } from './config.ts'
import { html, page } from './html.ts'

/** A request that cannot be done, with the HTTP status (4xx or 503) and a sentence that tells the user why. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** A new app that reads form bodies. Add routes, then call `serve`. */
export function createApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.urlencoded({ extended: false }))
  app.get('/kit/style.css', (_req, res) => {
    res.sendFile('style.css', { root: fileURLToPath(new URL('.', import.meta.url)) })
  })
  return app
}

/**
 * The text a form sent in the field `name`.
 * @throws Refusal 400 when the field is missing, or was sent more than once
 */
export function field(req: Request, name: string): string {
  const value: unknown = req.body?.[name]
  if (typeof value === 'string') return value
  throw new Refusal(400, `The form has to send the field "${name}" once.`)
}

const showError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  // An error without one of these is a mistake in the app, and its message is not for visitors.
  const isMeant = (error.status >= 400 && error.status < 500) || error.status === 503
  const status = isMeant ? error.status : 500
  if (status === 500) console.error(error)
  const message = status === 500 ? 'Something went wrong on the server.' : error.message
  res.status(status).send(
    page(
      `Error ${status}`,
      html`<h1>That did not work</h1>
<p>${message}</p>
<p><a href="/">Back to the start</a></p>`,
    ),
  )
}

/**
 * Adds the error pages and starts listening: for this computer only, unless HOST says otherwise.
 * Ends the process with a clear message if it cannot.
 */
export function serve(app: Express, port: number): Server {
  app.use((req) => {
    throw new Refusal(404, `There is no page ${req.path} that answers ${req.method}.`)
  })
  app.use(showError)
  const address = host()
  const server = app.listen(port, address, (error) => {
    if (error) {
      console.error(`Could not listen on port ${port}: ${error.message}`)
      process.exit(1)
    }
    console.log(`Listening on http://${address === LOOPBACK ? 'localhost' : address}:${port}`)
  })
  return server
}
