// The pages of the likes list and of the account. Given: nothing to do here.
import { type Html, html, page } from '#kit/html.ts'
import type { OpenSession } from './sessions.ts'

const guestNav = html`<nav><a href="/">Likes</a> <a href="/login">Log in</a> <a href="/register">Register</a></nav>`

const logOutButton = html`<form method="post" action="/logout"><button>Log out</button></form>`

export function likesPage(likes: string[], username: string | undefined): string {
  return page(
    'Likes',
    html`${username === undefined ? guestNav : userNav(username)}
<h1>What do you like?</h1>
<form method="post" action="/likes"><input name="likes" aria-label="Something you like" placeholder="Something you like" autocomplete="off" autofocus><button>I like it</button></form>
<h2>Your likes</h2>
${
  likes.length === 0
    ? html`<p>You like nothing yet.</p>`
    : html`<ul class="rows">${likes.map((thing) => html`\n<li>${thing}</li>`)}\n</ul>`
}
${username === undefined && html`<p class="soft">You are not logged in. Log in, and these likes go with you.</p>`}`,
  )
}

/** @param problem why the last try did not work */
export function loginPage(problem?: string): string {
  return page(
    'Log in',
    html`${guestNav}
<h1>Log in</h1>
${problem !== undefined && html`<p class="story">${problem}</p>`}
${credentialsForm('/login', 'Log in', 'current-password')}
<p>Are you new here? <a href="/register">Register</a></p>`,
  )
}

export function registerPage(): string {
  return page(
    'Register',
    html`${guestNav}
<h1>Register</h1>
${credentialsForm('/register', 'Register', 'new-password')}
<p class="soft">A password has 8 to 128 characters. A long one is better than an odd one.</p>`,
  )
}

export function accountPage(username: string, sessions: OpenSession[]): string {
  return page(
    'Your account',
    html`${userNav(username)}
<h1>Your account</h1>
<h2>Where you are logged in</h2>
<ul class="rows">${sessions.map(
      ({ beganMs, lastSeenMs, isThisBrowser }) => html`
<li>Began ${utc(beganMs)}, last seen ${utc(lastSeenMs)}${isThisBrowser && html` <strong>this browser</strong>`}</li>`,
    )}
</ul>
<form method="post" action="/logout-everywhere"><button>Log out everywhere</button></form>`,
  )
}

function userNav(username: string): Html {
  return html`<nav><a href="/">Likes</a> <a href="/account">Account</a> <span>Logged in as ${username}</span> ${logOutButton}</nav>`
}

function credentialsForm(action: string, label: string, autocomplete: string): Html {
  return html`<form method="post" action="${action}"><input name="username" aria-label="Username" placeholder="Username" autocomplete="username" autocapitalize="none" required autofocus><input type="password" name="password" aria-label="Password" placeholder="Password" autocomplete="${autocomplete}" required><button>${label}</button></form>`
}

/** 1795176000000 is shown as 2026-11-20 12:00:00 UTC. */
function utc(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
