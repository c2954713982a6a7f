// The pages: forms to put values in, and what is in the session. Given: nothing to do here.
import { type Html, html, page } from '#kit/html.ts'
import type { Value } from './session-data.ts'
import type { Times } from './stored-session.ts'

const nav = html`<nav><a href="/">Start</a> <a href="/read">Read</a></nav>`

const endForm = html`<form method="post" action="/delete_all"><button>Delete all</button></form>`

export function startPage(): string {
  return page(
    'Your session',
    html`${nav}
<h1>Put something into your session</h1>
<form method="post" action="/create"><input name="name" aria-label="Name" placeholder="Name" autocomplete="off" required autofocus><input name="value" aria-label="Value" placeholder="Value" autocomplete="off"><button>Create</button></form>
<h2>Take something out</h2>
<form method="post" action="/delete"><input name="name" aria-label="Name to delete" placeholder="Name" autocomplete="off" required><button>Delete</button></form>
<h2>End the session</h2>
${endForm}`,
  )
}

/** @param times undefined without a session */
export function readPage(values: Value[], times: Times | undefined): string {
  return page(
    'What is in your session',
    html`${nav}
<h1>What is in your session</h1>
${values.length === 0 && (times ? html`<p>There is nothing in your session.</p>` : html`<p>There is no session.</p>`)}
${values.length > 0 && html`<ul class="rows">${values.map(row)}\n</ul>`}
${times && html`<p class="soft">Created ${time(times.createdMs)}. Last access ${time(times.lastAccessMs)}.</p>`}
${(times || values.length > 0) && endForm}`,
  )
}

function row({ name, value }: Value): Html {
  return html`
<li><span>${name}: ${value}</span> <form method="post" action="/delete"><input type="hidden" name="name" value="${name}"><button aria-label="Delete ${name}">Delete</button></form></li>`
}

/** 1795176000000 is shown as 2026-11-20 12:00:00 UTC. */
function time(milliseconds: number): Html {
  const iso = new Date(milliseconds).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}
