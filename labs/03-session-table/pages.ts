// The pages of the likes list. Given: nothing to do here.
import { html, page } from '#kit/html.ts'
import type { TableRows } from './rows.ts'
import type { Session } from './sessions.ts'

const nav = html`<nav><a href="/">Likes</a> <a href="/rows">Behind the scenes</a></nav>`

export function likesPage(likes: string[], session: Session | undefined): string {
  return page(
    'Likes',
    html`${nav}
<h1>What do you like?</h1>
<form method="post" action="/likes"><input name="likes" aria-label="Something you like" placeholder="Something you like" autocomplete="off" autofocus><button>I like it</button></form>
<h2>Your likes</h2>
${
  likes.length === 0
    ? html`<p>You like nothing yet.</p>`
    : html`<ul class="rows">${likes.map((thing) => html`\n<li>${thing}</li>`)}\n</ul>`
}
${session && html`<p class="soft">You have a session until ${dateAndTime(session.expires)}.</p>`}
<form method="post" action="/forget"><button>Forget me</button></form>`,
  )
}

export function rowsPage(tables: TableRows[]): string {
  return page(
    'Behind the scenes',
    html`${nav}
<h1>Behind the scenes</h1>
<p>This is how many rows the database has, from all visitors.</p>
<ul class="rows">${tables.map(
      ({ table, rows }) => html`\n<li>${table}: ${rows === undefined ? 'there is no such table' : rows}</li>`,
    )}
</ul>`,
  )
}

/** 1795176000 is shown as Fri, 20 Nov 2026 12:00:00 GMT. */
function dateAndTime(seconds: number): string {
  return new Date(seconds * 1000).toUTCString()
}
