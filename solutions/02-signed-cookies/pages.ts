// The pages of the adventure. Given: nothing to do here.
import { html, page } from '#kit/html.ts'
import { itemsHere, lastSentence, monsterHere, outcome, roomOf } from './game.ts'
import type { Session } from './session.ts'
import { endings, monster } from './world.ts'

const title = 'The dark lighthouse'

export function welcomePage(): string {
  return page(
    title,
    html`<h1>${title}</h1>
<p>You are not logged in.</p>
<p><a href="/login">Log in and play</a></p>`,
  )
}

export function loginPage(): string {
  return page(
    'Log in',
    html`<h1>Log in</h1>
<p>Your name is enough. A new game begins.</p>
<form method="post" action="/login"><input name="name" aria-label="Your name" placeholder="Your name" autocomplete="nickname" required autofocus><button>Log in</button></form>`,
  )
}

export function gamePage({ player, game }: Session): string {
  const room = roomOf(game)
  const danger = monsterHere(game)
  const ending = outcome(game)
  return page(
    room.name,
    html`<nav><span>Logged in as ${player}</span> <form method="post" action="/logout"><button>Log out</button></form></nav>
<h1>${room.name}</h1>
<p class="story">${lastSentence(game)}</p>
<p>${room.description}</p>
${danger && html`<p>${monster[danger]}</p>`}
<p>Exits: ${listed(Object.keys(room.exits))}</p>
<p>You see: ${listed(itemsHere(game))}</p>
<p>You carry: ${listed(game.carried)}</p>
<p>Health: ${game.health}</p>
<p>Turn: ${game.turn}</p>
${ending ? html`<p class="story total">${endings[ending]}</p>\n<p><a href="/login">Begin a new game</a></p>` : commandForm}
<h2>Notebook</h2>
${
  game.notebook.length === 0
    ? html`<p class="soft">Nothing is written here.</p>`
    : html`<ul class="rows">${game.notebook.map((line) => html`\n<li>${line}</li>`)}\n</ul>`
}`,
  )
}

const commandForm = html`<form method="post" action="/play"><input name="command" aria-label="Command" placeholder="go north" autocomplete="off" autocapitalize="none" autofocus><button>Do it</button></form>`

function listed(names: string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ')
}
