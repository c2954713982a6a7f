// The page with the value and the name of the instance.
import { type Html, html, page } from '#kit/html.ts'
import { instanceName } from './settings.ts'

export function valuePage(value: string | undefined): string {
  return page(
    'Shared sessions',
    html`<h1>One session, several instances</h1>
<p class="story">${value === undefined ? 'The session holds nothing.' : `The session holds: ${value}`}</p>
${servedBy()}
<h2>Change it</h2>
<p>Set it to <a href="/session/set/red">red</a>, <a href="/session/set/green">green</a> or <a href="/session/set/blue">blue</a>. Any other value goes into the address, at its end.</p>
<p><a href="/session/unset">Unset the value</a></p>
<form method="post" action="/session/end"><button>End the session</button></form>`,
  )
}

/** A line that says which instance of the app has made the page. */
function servedBy(): Html {
  return html`<p>Served by instance ${instanceName}.</p>`
}
