// Lab 3: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../src/verify/mistake.ts'

export const mistakes: Mistake[] = [
  {
    id: 'field-renamed',
    says: 'The form calls its field "thing", the route reads "likes".',
    fails: 'opens',
    file: 'pages.ts',
    change: [['<input name="likes"', '<input name="thing"']],
  },
  {
    id: 'in-memory',
    says: 'The database is in memory, and gone with the process.',
    fails: 'tables',
    file: 'database.ts',
    change: [
      [
        "import { openDatabase } from '#kit/database.ts'",
        "import sqlite3 from 'sqlite3'\nimport { Database } from '#kit/database.ts'",
      ],
      ["await openDatabase('likes.sqlite')", "new Database(new sqlite3.Database(':memory:'))"],
    ],
  },
  {
    id: 'another-file',
    says: 'The file has another name than the one asked for.',
    fails: 'tables',
    file: 'database.ts',
    change: [["openDatabase('likes.sqlite')", "openDatabase('database.sqlite')"]],
  },
  {
    id: 'no-primary-key',
    says: 'The key of a session is no primary key, so two rows can have the same.',
    fails: 'tables',
    file: 'database.ts',
    change: [['key TEXT PRIMARY KEY', 'key TEXT']],
  },
  {
    id: 'no-types',
    says: 'The columns have no types.',
    fails: 'tables',
    file: 'database.ts',
    change: [
      ['(key TEXT PRIMARY KEY, expires INTEGER NOT NULL)', '(key PRIMARY KEY, expires)'],
      ['(thing TEXT NOT NULL, key TEXT NOT NULL)', '(thing, key)'],
    ],
  },
  {
    id: 'type-string',
    says: 'A thing is a STRING, which SQLite takes for a number: 007 is liked as 7.',
    fails: 'tables',
    file: 'database.ts',
    change: [['thing TEXT', 'thing STRING']],
  },
  {
    id: 'thing-as-primary-key',
    says: 'The thing is the primary key of its table: what one visitor likes, no other one can like.',
    fails: 'tables',
    file: 'database.ts',
    change: [['thing TEXT NOT NULL', 'thing TEXT PRIMARY KEY']],
  },
  {
    id: 'milliseconds',
    says: 'The end of the session is stored in milliseconds.',
    fails: 'new-session',
    file: 'settings.ts',
    change: [['return Math.floor(Date.now() / 1000)', 'return Date.now()']],
  },
  {
    id: 'fractions',
    says: 'The end of the session is in seconds, but not in whole ones.',
    fails: 'new-session',
    file: 'settings.ts',
    change: [['Math.floor(Date.now() / 1000)', 'Date.now() / 1000']],
  },
  {
    id: 'days-too-short',
    says: 'The 14 days are worked out with one factor missing, and are 14 hours.',
    fails: 'new-session',
    file: 'settings.ts',
    change: [['14 * 24 * 60 * 60', '14 * 60 * 60']],
  },
  {
    id: 'glued-in-double-quotes',
    says: 'The key is put into the SELECT in double quotes.',
    fails: 'malformed',
    file: 'sessions.ts',
    change: [
      [
        "    'SELECT key, expires FROM sessions WHERE key = ? AND expires >= ?',\n    key,\n",
        '    `SELECT key, expires FROM sessions WHERE key = "${key}" AND expires >= ?`,\n',
      ],
    ],
  },
  {
    id: 'duration-stored',
    says: 'The row has how long the session goes on, instead of when it ends.',
    fails: 'new-session',
    file: 'sessions.ts',
    change: [['key, nowSeconds() + sessionSeconds)', 'key, sessionSeconds)']],
  },
  {
    id: 'another-key-in-the-row',
    says: 'The row has another key than the cookie.',
    fails: 'new-session',
    file: 'sessions.ts',
    change: [["VALUES (?, ?)', key, nowSeconds()", "VALUES (?, ?)', randomUUID(), nowSeconds()"]],
  },
  {
    id: 'path-of-the-form',
    says: 'The cookie has Path=/likes, and the browser sends it to that page alone.',
    fails: 'new-session',
    file: 'sessions.ts',
    change: [["path: '/'", "path: '/likes'"]],
  },
  {
    id: 'no-http-only',
    says: 'The cookie is set without HttpOnly.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [['httpOnly: true, ', '']],
  },
  {
    id: 'no-same-site',
    says: 'The cookie is set without SameSite.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [[", sameSite: 'lax'", '']],
  },
  {
    id: 'attributes-lost-on-renewal',
    says: 'With the second like the cookie is sent without its attributes.',
    fails: 'attributes',
    file: 'server.ts',
    change: [
      [
        '    sendKey(res, key)\n',
        "    if (found) res.cookie('session', key, { maxAge: sessionSeconds * 1000 })\n    else sendKey(res, key)\n",
      ],
      ["from './sessions.ts'\n", "from './sessions.ts'\nimport { sessionSeconds } from './settings.ts'\n"],
    ],
  },
  {
    id: 'attributes-lost-on-forgetting',
    says: 'The cookie is cleared without its attributes.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [['clearCookie(SESSION_COOKIE, COOKIE_ATTRIBUTES)', 'clearCookie(SESSION_COOKIE)']],
  },
  {
    id: 'no-max-age',
    says: 'The cookie has no age, and is gone when the browser closes.',
    fails: 'max-age',
    file: 'sessions.ts',
    change: [['{ ...COOKIE_ATTRIBUTES, maxAge: sessionSeconds * 1000 }', 'COOKIE_ATTRIBUTES']],
  },
  {
    id: 'max-age-in-seconds',
    says: 'maxAge is given in seconds, and Express takes it for milliseconds.',
    fails: 'max-age',
    file: 'sessions.ts',
    change: [['maxAge: sessionSeconds * 1000', 'maxAge: sessionSeconds']],
  },
  {
    id: 'counter',
    says: 'The keys are numbers that count up.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      ['const SESSION_COOKIE', 'let last = Date.now()\n\nconst SESSION_COOKIE'],
      ['const key = randomUUID()', 'const key = String(++last)'],
    ],
  },
  {
    id: 'counter-as-uuid',
    says: 'The keys look like a uuid of version 4, but count up.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      ['const SESSION_COOKIE', 'let last = Date.now()\n\nconst SESSION_COOKIE'],
      [
        'const key = randomUUID()',
        "const key = `0195b2f4-0000-4000-8000-${(++last).toString(16).padStart(12, '0')}`",
      ],
    ],
  },
  {
    id: 'time-first',
    says: 'The keys begin with the time, and are random behind it, in the form of version 4.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      [
        'const key = randomUUID()',
        'const key = nowSeconds().toString(16).padStart(8, "0") + randomUUID().slice(8)',
      ],
    ],
  },
  {
    id: 'version-7',
    says: 'The keys are uuids of version 7, which begin with the time.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      [
        'const key = randomUUID()',
        "const time = Date.now().toString(16).padStart(12, '0')\n  const key = `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`",
      ],
    ],
  },
  {
    id: 'math-random',
    says: 'The keys are made with Math.random.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [['const key = randomUUID()', 'const key = Math.random().toString(36).slice(2)']],
  },
  {
    id: 'uuid-from-math-random',
    says: 'The keys are made with the most copied line for a uuid, which takes each digit from Math.random.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      [
        'const key = randomUUID()',
        `const key = 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) => {
    const r = (Math.random() * 16) | 0
    return (c === 'x' ? r : (r & 0x3) | 0x8).toString(16)
  })`,
      ],
    ],
  },
  {
    id: 'bytes-from-math-random',
    says: 'The sixteen bytes of the uuid come from Math.random.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      [
        'const key = randomUUID()',
        `const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(Math.random() * 256)))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const key = bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')`,
      ],
    ],
  },
  {
    id: 'one-key-for-all',
    says: 'The key is made once, when the module is loaded, and all visitors get it.',
    fails: 'uuid',
    file: 'sessions.ts',
    change: [
      ['const key = randomUUID()\n', 'const key = KEY\n'],
      [
        "const SESSION_COOKIE = 'session'\n",
        "const SESSION_COOKIE = 'session'\n\nconst KEY = randomUUID()\n",
      ],
      ["'INSERT INTO sessions", "'INSERT OR REPLACE INTO sessions"],
    ],
  },
  {
    id: 'session-for-each-like',
    says: 'Every like begins a session of its own.',
    fails: 'find',
    file: 'server.ts',
    change: [
      ['found && (await renewSession(found.key)) ? found.key : await newSession()', 'await newSession()'],
    ],
  },
  {
    id: 'row-for-each-like',
    says: 'Every like makes another session row, though the first key goes on to be used.',
    fails: 'find',
    file: 'server.ts',
    change: [
      ['const key = found &&', 'const another = await newSession()\n    const key = found &&'],
      ['? found.key : await newSession()', '? found.key : another'],
    ],
  },
  {
    id: 'key-without-its-end',
    says: 'The SELECT asks for the key alone, and the page says "until Invalid Date".',
    fails: 'find',
    file: 'sessions.ts',
    change: [['SELECT key, expires FROM sessions', 'SELECT key FROM sessions']],
  },
  {
    id: 'first-cookie-taken',
    says: 'The first cookie is taken for the session, whatever its name is.',
    fails: 'find',
    file: 'cookies.ts',
    change: [
      ['if (equals === -1 || pair.slice(0, equals).trim() !== name) continue', 'if (equals === -1) continue'],
    ],
  },
  {
    id: 'name-contained',
    says: 'A cookie whose name contains "session" is taken for the session.',
    fails: 'find',
    file: 'cookies.ts',
    change: [['pair.slice(0, equals).trim() !== name', '!pair.slice(0, equals).includes(name)']],
  },
  {
    id: 'client-key-adopted',
    says: 'A key that is in no row is put into one, so that whoever sent it has chosen it (session fixation).',
    fails: 'fake-key',
    file: 'sessions.ts',
    change: [
      [
        '  return db.get<Session>(\n',
        "  const given = nowSeconds() + sessionSeconds\n  await db.run('INSERT OR IGNORE INTO sessions (key, expires) VALUES (?, ?)', key, given)\n  return db.get<Session>(\n",
      ],
    ],
  },
  {
    id: 'client-key-kept-by-the-first-like',
    says: 'The first like takes the key from the cookie, if there is one in the form of a uuid.',
    fails: 'fake-key',
    file: 'server.ts',
    change: [
      [
        ': await newSession()\n',
        ": await newSession()\n    const sent = /session=([0-9a-f-]{36})/.exec(req.headers.cookie ?? '')?.[1]\n    if (!found && sent) {\n      await db.run('INSERT OR IGNORE INTO sessions (key, expires) VALUES (?, 9999999999)', sent)\n      await storeLike(sent, thing)\n      sendKey(res, sent)\n      res.redirect(303, '/')\n      return\n    }\n",
      ],
      ['import { createTables }', 'import { createTables, db }'],
    ],
  },
  {
    id: 'row-for-each-look',
    says: 'GET / begins a session for everybody who has none.',
    fails: 'bare-get',
    file: 'server.ts',
    change: [
      [
        '  const session = await findSession(req)\n  res.send(',
        '  const session = await findSession(req)\n  if (!session) await newSession()\n  res.send(',
      ],
    ],
  },
  {
    id: 'cookie-for-each-look',
    says: 'GET / sets a cookie for everybody, with a key that is in no row yet.',
    fails: 'bare-get',
    file: 'server.ts',
    change: [
      [
        '  const session = await findSession(req)\n  res.send(',
        '  const session = await findSession(req)\n  if (!session) sendKey(res, crypto.randomUUID())\n  res.send(',
      ],
    ],
  },
  {
    id: 'uncaught-decoding',
    says: 'decodeURIComponent throws on a broken percent-encoding, and nobody catches it.',
    fails: 'malformed',
    file: 'cookies.ts',
    change: [
      [
        `    try {
      return decodeURIComponent(pair.slice(equals + 1).trim())
    } catch {
      return undefined
    }`,
        '    return decodeURIComponent(pair.slice(equals + 1).trim())',
      ],
    ],
  },
  {
    id: 'value-expected',
    says: 'A cookie is taken to have a value; without one it is undefined, and that cannot be trimmed.',
    fails: 'malformed',
    file: 'cookies.ts',
    change: [
      [
        `    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
`,
        `    const [before = '', value] = pair.split('=') as [string, string]
    if (before.trim() !== name) continue
    const given = value.trim()
`,
      ],
      ['pair.slice(equals + 1).trim()', 'given'],
    ],
  },
  {
    id: 'thing-and-key-swapped',
    says: 'The values are in the wrong order: the key is stored as the thing.',
    fails: 'likes',
    file: 'likes.ts',
    change: [["VALUES (?, ?)', thing, key)", "VALUES (?, ?)', key, thing)"]],
  },
  {
    id: 'order-of-the-alphabet',
    says: 'The likes are listed in the order of the alphabet.',
    fails: 'likes',
    file: 'likes.ts',
    change: [['ORDER BY rowid', 'ORDER BY thing']],
  },
  {
    id: 'newest-first',
    says: 'The newest like is listed first.',
    fails: 'likes',
    file: 'likes.ts',
    change: [['ORDER BY rowid', 'ORDER BY rowid DESC']],
  },
  {
    id: 'newest-only',
    says: 'Each like takes the place of the one before.',
    fails: 'likes',
    file: 'likes.ts',
    change: [
      ["  await db.run('INSERT INTO likes", "  await deleteLikes(key)\n  await db.run('INSERT INTO likes"],
    ],
  },
  {
    id: 'each-thing-once',
    says: 'A thing that this visitor likes already is not stored again.',
    fails: 'likes',
    file: 'likes.ts',
    change: [
      [
        "  await db.run('INSERT INTO likes",
        "  if ((await listLikes(key)).includes(thing)) return\n  await db.run('INSERT INTO likes",
      ],
    ],
  },
  {
    id: 'each-thing-listed-once',
    says: 'A thing that is liked twice has two rows, and is listed once.',
    fails: 'likes',
    file: 'likes.ts',
    change: [['SELECT thing FROM', 'SELECT DISTINCT thing FROM']],
  },
  {
    id: 'likes-of-all',
    says: 'The SELECT has no WHERE: everybody sees everything.',
    fails: 'own-list',
    file: 'likes.ts',
    change: [[" WHERE key = ? ORDER BY rowid', key)", " ORDER BY rowid')"]],
  },
  {
    id: 'key-of-the-module',
    says: 'The key of the last visitor who liked something is kept in a variable of the module.',
    fails: 'own-list',
    file: 'server.ts',
    change: [
      ['const app = createApp()', "let currentKey = ''\n\nconst app = createApp()"],
      ['    await storeLike(key, thing)\n', '    currentKey = key\n    await storeLike(key, thing)\n'],
      ['session ? await listLikes(session.key) : []', 'currentKey ? await listLikes(currentKey) : []'],
    ],
  },
  {
    id: 'session-of-the-module',
    says: 'The session of the request is in a variable of the module, and requests at the same time mix it up.',
    fails: 'own-list',
    file: 'server.ts',
    change: [
      ['const app = createApp()', 'let found: Session | undefined\n\nconst app = createApp()'],
      ['    const found = await findSession(req)\n', '    found = await findSession(req)\n'],
      ['import { clearKey,', "import type { Session } from './sessions.ts'\nimport { clearKey,"],
    ],
  },
  {
    id: 'sweep-of-all',
    says: 'The sweep deletes every session, because its DELETE has no WHERE.',
    fails: 'own-list',
    file: 'sessions.ts',
    change: [["sessions WHERE expires < ?', nowSeconds())", "sessions')"]],
  },
  {
    id: 'sweep-in-milliseconds',
    says: 'The sweep compares seconds with milliseconds, and everything has ended.',
    fails: 'own-list',
    file: 'sessions.ts',
    change: [["WHERE expires < ?', nowSeconds())", "WHERE expires < ?', Date.now())"]],
  },
  {
    id: 'string-built-insert',
    says: 'The INSERT is built from texts, so a quote in a thing ends the text.',
    fails: 'sql',
    file: 'likes.ts',
    change: [
      [
        "'INSERT INTO likes (thing, key) VALUES (?, ?)', thing, key)",
        "`INSERT INTO likes (thing, key) VALUES ('${thing}', '${key}')`)",
      ],
    ],
  },
  {
    id: 'string-built-select',
    says: "The key goes into the SELECT as it came, so that ' OR '1'='1 is everybody's.",
    fails: 'sql',
    file: 'sessions.ts',
    change: [
      [
        "    'SELECT key, expires FROM sessions WHERE key = ? AND expires >= ?',\n    key,\n",
        "    `SELECT key, expires FROM sessions WHERE expires >= ? AND (key = '${key}')`,\n",
      ],
    ],
  },
  {
    id: 'quotes-doubled-by-hand',
    says: 'Only the first quote of a thing is doubled, by hand.',
    fails: 'sql',
    file: 'likes.ts',
    change: [
      [
        "'INSERT INTO likes (thing, key) VALUES (?, ?)', thing, key)",
        "`INSERT INTO likes (thing, key) VALUES ('${thing.replace(\"'\", \"''\")}', ?)`, key)",
      ],
    ],
  },
  {
    id: 'quotes-removed',
    says: 'Quotes are taken out of what is liked, to be on the safe side.',
    fails: 'sql',
    file: 'likes.ts',
    change: [["VALUES (?, ?)', thing, key)", "VALUES (?, ?)', thing.replaceAll(\"'\", ''), key)"]],
  },
  {
    id: 'like-instead-of-equals',
    says: 'The key is compared with LIKE, so the key % is everybody’s.',
    fails: 'sql',
    file: 'sessions.ts',
    change: [['WHERE key = ? AND expires >= ?', 'WHERE key LIKE ? AND expires >= ?']],
  },
  {
    id: 'object-of-things',
    says: 'Equal things are kept once, in an object, which has a constructor already.',
    fails: 'names',
    file: 'likes.ts',
    change: [
      [
        'return rows.map((row) => row.thing)',
        `const known: Record<string, string> = {}
  return rows.map(({ thing }) => {
    if (!known[thing]) known[thing] = thing
    return known[thing]
  })`,
      ],
    ],
  },
  {
    id: 'like-as-html',
    says: 'The likes go into the page as HTML.',
    fails: 'escaped',
    file: 'pages.ts',
    change: [
      ['import { html, page }', 'import { Html, html, page }'],
      ['<li>${thing}</li>', '<li>${new Html(thing)}</li>'],
    ],
  },
  {
    id: 'escaped-twice',
    says: 'The likes are escaped before they are stored, and once more on the page.',
    fails: 'escaped',
    file: 'likes.ts',
    change: [
      ["VALUES (?, ?)', thing, key)", "VALUES (?, ?)', escapeHtml(thing), key)"],
      ['import { db } from', "import { escapeHtml } from '#kit/html.ts'\nimport { db } from"],
    ],
  },
  {
    id: 'stored-as-html',
    says: 'The likes are escaped before they are stored, and not on the page.',
    fails: 'escaped',
    file: 'likes.ts',
    change: [
      ["VALUES (?, ?)', thing, key)", "VALUES (?, ?)', escapeHtml(thing), key)"],
      [
        'return rows.map((row) => row.thing)',
        'return rows.map((row) => new Html(row.thing) as unknown as string)',
      ],
      ['import { db } from', "import { escapeHtml, Html } from '#kit/html.ts'\nimport { db } from"],
    ],
  },
  {
    id: 'tables-dropped-at-start',
    says: 'The tables are dropped and made anew at each start.',
    fails: 'restart',
    file: 'database.ts',
    change: [
      [
        "  await db.run('CREATE TABLE IF NOT EXISTS sessions",
        "  await db.run('DROP TABLE IF EXISTS sessions')\n  await db.run('DROP TABLE IF EXISTS likes')\n  await db.run('CREATE TABLE IF NOT EXISTS sessions",
      ],
    ],
  },
  {
    id: 'no-await',
    says: 'The answer does not wait for the like to be stored.',
    fails: 'restart',
    file: 'server.ts',
    change: [['    await storeLike(key, thing)\n', '    void storeLike(key, thing)\n']],
  },
  {
    id: 'everything-swept-at-start',
    says: 'Sessions do not live longer than the process: a start deletes them all.',
    fails: 'restart',
    file: 'server.ts',
    change: [
      ['await sweep()\n', "await db.run('DELETE FROM sessions')\nawait sweep()\n"],
      ['import { createTables }', 'import { createTables, db }'],
    ],
  },
  {
    id: 'read-modify-write',
    says: 'All likes of a visitor are read, and written back with one more, so that parallel ones are lost.',
    fails: 'parallel',
    file: 'likes.ts',
    change: [
      [
        "  await db.run('INSERT INTO likes (thing, key) VALUES (?, ?)', thing, key)\n",
        `  const things = [...(await listLikes(key)), thing]
  await deleteLikes(key)
  for (const one of things) await db.run('INSERT INTO likes (thing, key) VALUES (?, ?)', one, key)
`,
      ],
    ],
  },
  {
    id: 'ten-listed',
    says: 'Only ten likes are listed.',
    fails: 'likes',
    file: 'likes.ts',
    change: [["ORDER BY rowid', key)", "ORDER BY rowid LIMIT 10', key)"]],
  },
  {
    id: 'not-trimmed',
    says: 'What was typed is stored with the white space around it.',
    fails: 'nothing',
    file: 'likes.ts',
    change: [["return thing === '' ? undefined : thing", "return thing === '' ? undefined : typed"]],
  },
  {
    id: 'empty-stored',
    says: 'Nothing typed is stored as a like, too.',
    fails: 'nothing',
    file: 'likes.ts',
    change: [["return thing === '' ? undefined : thing", 'return thing']],
  },
  {
    id: 'blanks-stored',
    says: 'It is looked whether something was typed before it is trimmed.',
    fails: 'nothing',
    file: 'likes.ts',
    change: [["return thing === '' ? undefined : thing", "return typed === '' ? undefined : thing"]],
  },
  {
    id: 'session-for-nothing',
    says: 'The session begins before it is looked whether something was typed.',
    fails: 'nothing',
    file: 'server.ts',
    change: [
      [
        "  res.redirect(303, '/')\n})\n\napp.post('/forget'",
        "  else if (!(await findSession(req))) sendKey(res, await newSession())\n  res.redirect(303, '/')\n})\n\napp.post('/forget'",
      ],
    ],
  },
  {
    id: 'session-first-of-all',
    says: 'The session begins before what was typed is looked at.',
    fails: 'nothing',
    file: 'server.ts',
    change: [
      [
        "  const thing = parseThing(field(req, 'likes'))\n",
        "  const known = (await findSession(req))?.key ?? (await newSession())\n  const thing = parseThing(field(req, 'likes'))\n",
      ],
      ['found.key : await newSession()', 'found.key : known'],
    ],
  },
  {
    id: 'cookie-for-nothing',
    says: 'The cookie is sent again when nothing was typed.',
    fails: 'nothing',
    file: 'server.ts',
    change: [
      [
        '  if (thing !== undefined) {\n    const found = await findSession(req)\n',
        '  const found = await findSession(req)\n  if (found) sendKey(res, found.key)\n  if (thing !== undefined) {\n',
      ],
    ],
  },
  {
    id: 'undefined-liked',
    says: 'A field that was not sent is liked, as the text "undefined".',
    fails: 'nothing',
    file: 'server.ts',
    change: [
      ["parseThing(field(req, 'likes'))", 'parseThing(String(req.body?.likes))'],
      ['createApp, field, serve', 'createApp, serve'],
    ],
  },
  {
    id: 'missing-field-is-a-500',
    says: 'A field that was not sent cannot be trimmed, and the server breaks.',
    fails: 'nothing',
    file: 'server.ts',
    change: [
      ["parseThing(field(req, 'likes'))", 'parseThing(req.body.likes)'],
      ['createApp, field, serve', 'createApp, serve'],
    ],
  },
  {
    id: 'white-space-inside',
    says: 'Runs of white space inside of what was typed are made one space.',
    fails: 'nothing',
    file: 'likes.ts',
    change: [['typed.trim()', "typed.trim().replace(/\\s+/g, ' ')"]],
  },
  {
    id: 'no-limit-of-length',
    says: 'A like can have any length.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [['[...thing].length > THING_MAX_CHARACTERS', 'thing.length > Infinity']],
  },
  {
    id: 'cut-instead-of-refused',
    says: 'What is too long is cut, and stored.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [
      [
        '    throw new Refusal(400, `That is too long: a thing can have ${THING_MAX_CHARACTERS} characters.`)',
        '    return thing.slice(0, THING_MAX_CHARACTERS)',
      ],
      ["import { Refusal } from '#kit/app.ts'\n", ''],
    ],
  },
  {
    id: 'one-too-few',
    says: 'A like of exactly 200 characters is refused.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [['.length > THING_MAX', '.length >= THING_MAX']],
  },
  {
    id: 'bytes-counted',
    says: 'Bytes are counted, and not characters.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [['[...thing].length >', 'Buffer.byteLength(thing) >']],
  },
  {
    id: 'measured-before-trimming',
    says: 'The white space that is taken off counts.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [['[...thing].length >', '[...typed].length >']],
  },
  {
    id: 'too-long-is-a-500',
    says: 'A like that is too long is an error of the server, not a refusal.',
    fails: 'too-long',
    file: 'likes.ts',
    change: [['throw new Refusal(400, ', 'throw new Error(']],
  },
  {
    id: 'session-before-the-refusal',
    says: 'The session begins before the like is refused.',
    fails: 'too-long',
    file: 'server.ts',
    change: [
      [
        "  const thing = parseThing(field(req, 'likes'))\n",
        "  if (field(req, 'likes').trim() && !(await findSession(req))) await newSession()\n  const thing = parseThing(field(req, 'likes'))\n",
      ],
    ],
  },
  {
    id: 'likes-cached',
    says: 'A visitor’s likes are kept in a Map once they were read, and another server’s never appear.',
    fails: 'instances',
    file: 'likes.ts',
    change: [
      ['/** Stores a like under', 'const cache = new Map<string, string[]>()\n\n/** Stores a like under'],
      ["VALUES (?, ?)', thing, key)\n", "VALUES (?, ?)', thing, key)\n  cache.get(key)?.push(thing)\n"],
      ['  // rowid rises', '  const known = cache.get(key)\n  if (known) return known\n  // rowid rises'],
      [
        'return rows.map((row) => row.thing)',
        'const things = rows.map((row) => row.thing)\n  if (!cache.has(key)) cache.set(key, things)\n  return things',
      ],
    ],
  },
  {
    id: 'likes-cached-until-the-next-like',
    says: 'The list is kept in a Map until this server stores a like, so that one from another server is missing.',
    fails: 'instances',
    file: 'likes.ts',
    change: [
      ['/** Stores a like under', 'const cache = new Map<string, string[]>()\n\n/** Stores a like under'],
      ["VALUES (?, ?)', thing, key)\n", "VALUES (?, ?)', thing, key)\n  cache.delete(key)\n"],
      ['  // rowid rises', '  const known = cache.get(key)\n  if (known) return known\n  // rowid rises'],
      [
        'return rows.map((row) => row.thing)',
        'const things = rows.map((row) => row.thing)\n  cache.set(key, things)\n  return things',
      ],
    ],
  },
  {
    id: 'browser-trusted',
    says: 'The server leaves it to the browser to drop the cookie, and never looks at the end of the session.',
    fails: 'expiry',
    file: 'sessions.ts',
    change: [[" AND expires >= ?',\n    key,\n    nowSeconds(),\n", "',\n    key,\n"]],
  },
  {
    id: 'two-weeks-in-the-code',
    says: 'The limit is 14 days, whatever SESSION_SECONDS says.',
    fails: 'expiry',
    file: 'settings.ts',
    change: [["seconds('SESSION_SECONDS', 14 * 24 * 60 * 60)", '14 * 24 * 60 * 60']],
  },
  {
    id: 'time-of-the-start',
    says: 'The time is read once, when the app starts, and no session ends while it runs.',
    fails: 'expiry',
    file: 'settings.ts',
    change: [
      ['  return Math.floor(Date.now() / 1000)\n', '  return NOW\n'],
      ['/** The present time', 'const NOW = Math.floor(Date.now() / 1000)\n\n/** The present time'],
    ],
  },
  {
    id: 'end-counted-from-the-start',
    says: 'The end of new sessions is worked out once, when the app starts, so that later ones end too early.',
    fails: 'expiry',
    file: 'sessions.ts',
    change: [
      [
        "const SESSION_COOKIE = 'session'\n",
        "const SESSION_COOKIE = 'session'\n\nconst END = nowSeconds() + sessionSeconds\n",
      ],
      ['key, nowSeconds() + sessionSeconds)', 'key, END)'],
    ],
  },
  {
    id: 'ended-session-continued',
    says: 'A session that has ended shows nothing, but the next like goes on with it.',
    fails: 'expiry',
    file: 'server.ts',
    change: [
      [
        '    const found = await findSession(req)\n',
        "    const sent = /\\bsession=([^;]*)/.exec(req.headers.cookie ?? '')?.[1] ?? ''\n    const found = await db.get<{ key: string }>('SELECT key FROM sessions WHERE key = ?', sent)\n",
      ],
      ['import { createTables }', 'import { createTables, db }'],
    ],
  },
  {
    id: 'ended-session-renewed',
    says: 'The key of the cookie is renewed whether it was found or not, and a session that has ended comes back.',
    fails: 'expiry',
    file: 'server.ts',
    change: [
      [
        '    const found = await findSession(req)\n',
        "    const found = await findSession(req)\n    await renewSession(readCookie(req, 'session') ?? '')\n",
      ],
      ['import { createTables }', "import { readCookie } from './cookies.ts'\nimport { createTables }"],
    ],
  },
  {
    id: 'never-renewed',
    says: 'A session ends SESSION_SECONDS after its first like.',
    fails: 'renewal',
    file: 'server.ts',
    change: [['found && (await renewSession(found.key)) ? found.key', 'found ? found.key']],
  },
  {
    id: 'cookie-sent-once',
    says: 'The cookie is sent with the first like only, and the browser drops it though the session goes on.',
    fails: 'renewal',
    file: 'server.ts',
    change: [['    sendKey(res, key)\n', '    if (!found) sendKey(res, key)\n']],
  },
  {
    id: 'renewed-by-looking',
    says: 'Looking at the list renews the session, too.',
    fails: 'renewal',
    file: 'server.ts',
    change: [
      [
        '  const session = await findSession(req)\n  res.send(',
        '  const session = await findSession(req)\n  if (session) await renewSession(session.key)\n  res.send(',
      ],
    ],
  },
  {
    id: 'age-of-the-cookie-in-the-code',
    says: 'The cookie lasts 14 days, whatever SESSION_SECONDS says.',
    fails: 'renewal',
    file: 'sessions.ts',
    change: [['maxAge: sessionSeconds * 1000', 'maxAge: 14 * 24 * 60 * 60 * 1000']],
  },
  {
    id: 'added-instead-of-set',
    says: 'Each like adds SESSION_SECONDS to the end that the session had.',
    fails: 'renewal',
    file: 'sessions.ts',
    change: [
      ['const expires = nowSeconds() + sessionSeconds\n', 'const expires = sessionSeconds\n'],
      ['SET expires = ? WHERE', 'SET expires = expires + ? WHERE'],
    ],
  },
  {
    id: 'renewed-in-the-second-half',
    says: 'A like renews the session only when less than half of its time is left.',
    fails: 'renewal',
    file: 'sessions.ts',
    change: [
      [
        'const expires = nowSeconds() + sessionSeconds\n',
        "const expires = nowSeconds() + sessionSeconds\n  const half = nowSeconds() + sessionSeconds / 2\n  if (await db.get('SELECT key FROM sessions WHERE key = ? AND expires > ?', key, half)) return true\n",
      ],
    ],
  },
  {
    id: 'renewed-from-the-start',
    says: 'A renewed session goes on for SESSION_SECONDS from the start of the app, not from the like.',
    fails: 'renewal',
    file: 'sessions.ts',
    change: [
      [
        "const SESSION_COOKIE = 'session'\n",
        "const SESSION_COOKIE = 'session'\n\nconst STARTED = nowSeconds()\n",
      ],
      ['const expires = nowSeconds() + sessionSeconds\n', 'const expires = STARTED + sessionSeconds\n'],
    ],
  },
  {
    id: 'all-renewed',
    says: 'The UPDATE has no WHERE: each like renews everybody’s session.',
    fails: 'renewal',
    file: 'sessions.ts',
    change: [
      ["SET expires = ? WHERE key = ?', expires, key)", "SET expires = ?', expires)"],
      ['return changes === 1', 'return changes > 0'],
    ],
  },
  {
    id: 'renewed-by-nothing',
    says: 'The session is renewed before it is looked whether something was typed.',
    fails: 'renewal',
    file: 'server.ts',
    change: [
      [
        '  if (thing !== undefined) {\n    const found = await findSession(req)\n',
        '  const found = await findSession(req)\n  if (found) await renewSession(found.key)\n  if (thing !== undefined) {\n',
      ],
    ],
  },
  {
    id: 'cookie-for-each-look-at-the-list',
    says: 'Looking at the list sends the cookie again, so the browser keeps it longer than the server.',
    fails: 'renewal',
    file: 'server.ts',
    change: [
      [
        '  const session = await findSession(req)\n  res.send(',
        '  const session = await findSession(req)\n  if (session) sendKey(res, session.key)\n  res.send(',
      ],
    ],
  },
  {
    id: 'swept-at-start-only',
    says: 'What has ended is swept at the start, and never again while the server runs.',
    fails: 'sweep-on-new',
    file: 'sessions.ts',
    change: [['  await sweep()\n', '']],
  },
  {
    id: 'likes-not-swept',
    says: 'The sweep deletes the sessions, and leaves their likes.',
    fails: 'sweep-on-new',
    file: 'sessions.ts',
    change: [["  await db.run('DELETE FROM likes WHERE key NOT IN (SELECT key FROM sessions)')\n", '']],
  },
  {
    id: 'swept-one-by-one',
    says: 'The sweep ends each session that has expired; likes that a crash has left without one stay for ever.',
    fails: 'sweep-on-new',
    file: 'sessions.ts',
    change: [
      [
        "  await db.run('DELETE FROM sessions WHERE expires < ?', nowSeconds())\n",
        "  const ended = await db.all<Session>('SELECT key FROM sessions WHERE expires < ?', nowSeconds())\n  for (const { key } of ended) await endSession(key)\n",
      ],
      ["  await db.run('DELETE FROM likes WHERE key NOT IN (SELECT key FROM sessions)')\n", ''],
    ],
  },
  {
    id: 'sessions-not-swept',
    says: 'The sweep deletes the likes of sessions that have ended, and leaves the sessions.',
    fails: 'sweep-on-new',
    file: 'sessions.ts',
    change: [
      ["  await db.run('DELETE FROM sessions WHERE expires < ?', nowSeconds())\n", ''],
      [
        "'DELETE FROM likes WHERE key NOT IN (SELECT key FROM sessions)')",
        "'DELETE FROM likes WHERE key IN (SELECT key FROM sessions WHERE expires < ?)', nowSeconds())",
      ],
    ],
  },
  {
    id: 'swept-by-the-time-of-the-start',
    says: 'The sweep compares with the time when the app started.',
    fails: 'sweep-on-new',
    file: 'sessions.ts',
    change: [
      [
        "const SESSION_COOKIE = 'session'\n",
        "const SESSION_COOKIE = 'session'\n\nconst STARTED = nowSeconds()\n",
      ],
      ["expires < ?', nowSeconds())", "expires < ?', STARTED)"],
    ],
  },
  {
    id: 'not-swept-at-start',
    says: 'Only a new session sweeps, so what has ended stays as long as nobody new comes.',
    fails: 'sweep-at-start',
    file: 'server.ts',
    change: [
      ['await sweep()\n', ''],
      [', sendKey, sweep }', ', sendKey }'],
    ],
  },
  {
    id: 'cookie-cleared-only',
    says: 'Forgetting clears the cookie, and leaves the rows: a copy of the cookie is as good as before.',
    fails: 'forget',
    file: 'server.ts',
    change: [['  if (session) await endSession(session.key)\n', '']],
  },
  {
    id: 'cookie-left',
    says: 'Forgetting deletes the rows, and leaves the cookie in the browser.',
    fails: 'forget',
    file: 'server.ts',
    change: [['  clearKey(res)\n', '']],
  },
  {
    id: 'likes-left',
    says: 'Forgetting deletes the session, and leaves its likes.',
    fails: 'forget',
    file: 'sessions.ts',
    change: [['  await deleteLikes(key)\n', '']],
  },
  {
    id: 'session-left',
    says: 'Forgetting deletes the likes, and leaves the session.',
    fails: 'forget',
    file: 'sessions.ts',
    change: [["  await db.run('DELETE FROM sessions WHERE key = ?', key)\n", '']],
  },
  {
    id: 'sessions-cached',
    says: 'Sessions are kept in a Map once they were found, and one that another server has ended is still known.',
    fails: 'forget',
    file: 'sessions.ts',
    change: [
      [
        "const SESSION_COOKIE = 'session'\n",
        "const SESSION_COOKIE = 'session'\n\nconst cache = new Map<string, Session>()\n",
      ],
      [
        '  return db.get<Session>(\n',
        '  const known = cache.get(key)\n  if (known && known.expires >= nowSeconds()) return known\n  const session = await db.get<Session>(\n',
      ],
      [
        '    key,\n    nowSeconds(),\n  )\n',
        '    key,\n    nowSeconds(),\n  )\n  if (session) cache.set(key, session)\n  return session\n',
      ],
      ['  await deleteLikes(key)\n', '  cache.delete(key)\n  await deleteLikes(key)\n'],
    ],
  },
  {
    id: 'renewed-by-insert',
    says: 'Renewing puts the row there if it is missing: a like brings back a session that was just forgotten.',
    fails: 'forget-at-once',
    file: 'sessions.ts',
    change: [
      [
        "  const { changes } = await db.run('UPDATE sessions SET expires = ? WHERE key = ?', expires, key)\n  return changes === 1",
        "  await db.run('INSERT OR REPLACE INTO sessions (key, expires) VALUES (?, ?)', key, expires)\n  return true",
      ],
    ],
  },
  {
    id: 'all-likes-deleted',
    says: 'Forgetting deletes everybody’s likes.',
    fails: 'forget-only-own',
    file: 'likes.ts',
    change: [["DELETE FROM likes WHERE key = ?', key)", "DELETE FROM likes')"]],
  },
  {
    id: 'things-deleted-everywhere',
    says: 'Forgetting deletes the things that the visitor likes, also where others like them.',
    fails: 'forget-only-own',
    file: 'likes.ts',
    change: [
      [
        "DELETE FROM likes WHERE key = ?', key)",
        "DELETE FROM likes WHERE thing IN (SELECT thing FROM likes WHERE key = ?)', key)",
      ],
    ],
  },
  {
    id: 'all-sessions-deleted',
    says: 'Forgetting deletes everybody’s session.',
    fails: 'forget-only-own',
    file: 'sessions.ts',
    change: [["DELETE FROM sessions WHERE key = ?', key)", "DELETE FROM sessions')"]],
  },
  {
    id: 'forgotten-by-link',
    says: 'A GET forgets as well, so an image on any page can do it.',
    fails: 'forget-post',
    file: 'server.ts',
    change: [["app.post('/forget'", "app.all('/forget'"]],
  },
  {
    id: 'nobody-cannot-be-forgotten',
    says: 'Forgetting somebody without a session is an error.',
    fails: 'forget-post',
    file: 'server.ts',
    change: [['  if (session) await endSession(session.key)\n', '  await endSession(session!.key)\n']],
  },
  {
    id: 'cookie-kept-without-a-session',
    says: 'The cookie is cleared only if its key was found, so a dead one stays in the browser.',
    fails: 'forget-post',
    file: 'server.ts',
    change: [
      [
        '  if (session) await endSession(session.key)\n  clearKey(res)\n',
        '  if (session) {\n    await endSession(session.key)\n    clearKey(res)\n  }\n',
      ],
    ],
  },
  {
    id: 'likes-deleted-later',
    says: 'Forgetting does not wait until the likes are deleted.',
    fails: 'awaits',
    file: 'sessions.ts',
    change: [['  await deleteLikes(key)\n', '  deleteLikes(key)\n']],
  },
  {
    id: 'sweep-not-awaited',
    says: 'The sweep does not wait for its second statement.',
    fails: 'awaits',
    file: 'sessions.ts',
    change: [
      ["  await db.run('DELETE FROM likes WHERE key NOT", "  db.run('DELETE FROM likes WHERE key NOT"],
    ],
  },
]
