// The page's script: it keeps the token, sends it with every request, and shows what came of it. Given: read it.

/** Where the token is kept. All tabs of this site see it, and it stays when the browser closes. */
const TOKEN = 'session-labs-07-token'

const OUTCOMES = {
  success: 'Thank you.',
  ninja:
    'Somebody replied while you were writing. Read that first; then send yours again, if you still want to.',
  captcha: 'Are you human? Answer the question first.',
  closed: 'This reflection is closed.',
  invalid: 'That cannot be sent. A reply has 1 to 1,000 characters.',
}

// ---- The session

/**
 * Does `work` when no other request of this site is under way, in any tab: so the last answer has the newest token.
 * A browser without locks sends several at once. The server lets that pass: the old token is good for some seconds more.
 */
const inTurn = (work) => (navigator.locks ? navigator.locks.request(TOKEN, work) : work())

/** Whether a session has begun. A session in a cookie has no token. */
let begun = localStorage.getItem(TOKEN) !== null

/** Sends one request, and keeps the token of its answer. */
async function send(path, fields = {}) {
  const response = await fetch(`/api${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    // In the body: what is in a URL stays in the history and in the logs of servers.
    body: JSON.stringify({ ...fields, token: localStorage.getItem(TOKEN) }),
    signal: AbortSignal.timeout(10_000),
  })
  const answer = await response.json()
  if (answer.token) localStorage.setItem(TOKEN, answer.token)
  return { ...answer, status: response.status }
}

async function begin() {
  localStorage.removeItem(TOKEN)
  await send('/start')
  begun = true
}

/** Sends a request in the session; in a new one, if there is none or it has ended. Undefined when that did not work. */
async function post(path, fields) {
  try {
    return await inTurn(async () => {
      if (!begun) await begin()
      const answer = await send(path, fields)
      if (answer.status !== 401) return answer
      await begin()
      say('Your session had ended, so a new one has begun.')
      return await send(path, fields)
    })
  } catch {
    say('The server did not answer. Try again.')
    return undefined
  }
}

/** Ends the session on the server, and forgets the token. */
async function end() {
  await inTurn(async () => {
    if (begun) await send('/end')
    localStorage.removeItem(TOKEN)
    begun = false
  })
  showEditing(false)
  say('Your session has ended. The next click begins another one.')
}

// Another tab has begun a session, or ended it.
window.addEventListener('storage', ({ key, newValue }) => {
  if (key === TOKEN || key === null) begun = newValue !== null
})

// ---- The page. What others wrote goes in as textContent, so that it is text whatever it contains.

const find = (selector, inside = document) => inside.querySelector(selector)
const clone = (id) => find(`#${id}`).content.firstElementChild.cloneNode(true)

function say(text) {
  find('#status').textContent = text
}

/** A row with a text and a button for each `[label, what a click does]`. */
function row(text, buttons) {
  const item = clone('row')
  find('span', item).textContent = text
  for (const [label, act] of buttons) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = label
    button.addEventListener('click', () => act(button))
    find('.buttons', item).append(button, ' ')
  }
  return item
}

/** Calls `act` with the fields of the form when it is sent. */
function onSubmit(form, act) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    act(Object.fromEntries(new FormData(form)), form)
  })
}

async function showReflections() {
  const answer = await post('/reflections')
  if (!answer?.reflections) return
  if (answer.reflections.length === 0) say('Nothing has been published yet.')
  find('#reflections').replaceChildren(...answer.reflections.map(reflectionSection))
}

function reflectionSection(reflection) {
  const section = clone('reflection')
  const list = find('ul', section)
  const captcha = find('.captcha', section)
  /** The newest reply that the visitor has seen. */
  let last = 0
  /** What to send again, with the answer to the question. */
  let waiting

  function show({ id, text, votes }) {
    last = Math.max(last, id)
    const vote = (vote) => () => act('/vote', { reply: id, vote })
    const buttons = [
      ['Agree', vote('up')],
      ['Disagree', vote('down')],
    ]
    const item = row(text, reflection.open ? buttons : [])
    item.dataset.reply = id
    const count = document.createElement('span')
    count.className = 'soft'
    count.textContent = `Votes: ${votes}`
    find('.buttons', item).prepend(count, ' ')
    list.append(item)
  }

  async function act(path, fields) {
    const answer = await post(path, fields)
    if (!answer) return
    find('.outcome', section).textContent = OUTCOMES[answer.outcome] ?? answer.error
    captcha.hidden = answer.outcome !== 'captcha'
    waiting = { path, fields }
    if (!captcha.hidden) {
      find('span', captcha).textContent = answer.question
      find('input', captcha).value = ''
      find('input', captcha).focus()
    }
    for (const reply of answer.replies ?? []) show(reply)
    if (answer.outcome === 'success' && path === '/reply') find('textarea', section).value = ''
    if (answer.outcome === 'success' && path === '/vote') showVotes(fields.reply, answer)
  }

  function showVotes(id, { votes, quarantined }) {
    const item = find(`[data-reply="${id}"]`, list)
    find('.buttons', item).textContent = quarantined
      ? 'Hidden, until an editor has read it'
      : `Votes: ${votes}`
  }

  find('h2', section).textContent = reflection.title
  find('.story', section).textContent = reflection.text
  find('.reply', section).hidden = !reflection.open
  if (!reflection.open) find('.outcome', section).textContent = OUTCOMES.closed
  reflection.replies.forEach(show)
  onSubmit(find('.reply form', section), ({ text }) =>
    act('/reply', { reflection: reflection.id, text, last }),
  )
  onSubmit(find('form', captcha), (answer) => {
    // The reply may have been changed since.
    const { value: text } = find('textarea', section)
    act(waiting.path, { ...waiting.fields, text, last, ...answer })
  })
  return section
}

// ---- The editors

function showEditing(editing) {
  find('#login').hidden = editing
  find('#editing').hidden = !editing
}

/** Does something that needs the editors' password, and shows what is there afterwards. */
async function edit(path, fields) {
  const answer = await post(`/admin${path}`, fields)
  if (!answer) return
  if (answer.error) {
    // The session of the login may have ended.
    if (answer.status === 403) showEditing(false)
    say(answer.error)
    return
  }
  say('Done.')
  showEditing(true)
  const { teasers = [] } = (await post('/admin/teasers')) ?? {}
  find('#teasers').replaceChildren(...teasers.flatMap(teaserRows))
  await showReflections()
}

function teaserRows({ id, title, publishAt, quarantined }) {
  const when = new Date(publishAt).toLocaleString()
  return [
    row(`${title} (${when})`, [['Publish now', () => edit('/bump', { id })]]),
    ...quarantined.map((reply) =>
      row(`Hidden: ${reply.text}`, [['Release', () => edit('/release', { reply: reply.id })]]),
    ),
  ]
}

onSubmit(find('#login form'), (fields, form) => {
  form.reset()
  edit('/login', fields)
})
onSubmit(find('#editing form'), ({ title, text, publishAt, closesAt }) =>
  edit('/publish', {
    title,
    text,
    publishAt: new Date(publishAt).getTime(),
    closesAt: closesAt === '' ? null : new Date(closesAt).getTime(),
  }),
)
find('#end').addEventListener('click', end)

// A word of 1,000 letters would make the page as wide as itself.
document.body.style.overflowWrap = 'anywhere'
await showReflections()
