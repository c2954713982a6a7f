// Lab 2: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../src/verify/mistake.ts'

export const mistakes: Mistake[] = [
  {
    id: 'field-renamed',
    says: 'The login form calls its field "player", the route reads "name".',
    fails: 'opens',
    file: 'pages.ts',
    change: [['<input name="name"', '<input name="player"']],
  },
  {
    id: 'everybody-a-guest',
    says: 'Whoever opens the page gets cookies for a player called "guest", without having logged in.',
    fails: 'opens',
    file: 'server.ts',
    change: [
      [
        'const session = readSession(req)\n  res.send(',
        "const session = readSession(req)\n  if (!session) writeSession(res, { player: 'guest', game: newGame() })\n  res.send(",
      ],
    ],
  },
  {
    id: 'game-only',
    says: 'Only the game is put on the answer, so nobody is ever logged in.',
    fails: 'log-in',
    file: 'session.ts',
    change: [['  sendSigned(res, PLAYER_COOKIE, player, now)\n', '']],
  },
  {
    id: 'path-of-the-form',
    says: 'The cookies have Path=/login, and the browser sends them to that page alone.',
    fails: 'log-in',
    file: 'session.ts',
    change: [["path: '/',", "path: '/login',"]],
  },
  {
    id: 'page-instead-of-redirect',
    says: 'Logging in answers with the page itself, so that a reload sends the form again.',
    fails: 'log-in',
    file: 'server.ts',
    change: [
      [
        "writeSession(res, { player, game: newGame() })\n  res.redirect(303, '/')",
        'writeSession(res, { player, game: newGame() })\n  res.send(gamePage({ player, game: newGame() }))',
      ],
    ],
  },
  {
    id: 'milliseconds',
    says: 'The time is in milliseconds, and so is the limit.',
    fails: 'signed',
    file: 'settings.ts',
    change: [
      ["seconds('GAME_SECONDS', 3600)", "1000 * seconds('GAME_SECONDS', 3600)"],
      ['Math.floor(Date.now() / 1000)', 'Date.now()'],
    ],
  },
  {
    id: 'hash-of-secret-and-text',
    says: 'The signature is a bare SHA-256 of secret and text instead of an HMAC: open to length extension.',
    fails: 'signed',
    file: 'signed.ts',
    change: [
      ['import { createHmac, timingSafeEqual }', 'import { createHash, timingSafeEqual }'],
      ["createHmac('sha256', secret).update(signed)", "createHash('sha256').update(secret + signed)"],
    ],
  },
  {
    id: 'hash-without-secret',
    says: 'The signature is a hash without any secret, which everybody can make.',
    fails: 'signed',
    file: 'signed.ts',
    change: [
      ['import { createHmac, timingSafeEqual }', 'import { createHash, timingSafeEqual }'],
      [
        "createHmac('sha256', secret).update(signed)",
        "createHash('sha256').update(`${signed}${secret.slice(0, 0)}`)",
      ],
    ],
  },
  {
    id: 'hexadecimal-signature',
    says: 'The signature is in hexadecimal instead of base64url.',
    fails: 'signed',
    file: 'signed.ts',
    change: [[".digest('base64url')", ".digest('hex')"]],
  },
  {
    id: 'base64',
    says: 'Payload and signature are in base64, with characters that mean something else in a cookie or an address.',
    fails: 'signed',
    file: 'signed.ts',
    change: [
      [".from(text).toString('base64url')", ".from(text).toString('base64')"],
      [".digest('base64url')", ".digest('base64')"],
    ],
  },
  {
    id: 'name-as-json',
    says: 'The name is put into the cookie as JSON, in quotes, instead of as it is.',
    fails: 'signed',
    file: 'session.ts',
    change: [
      [
        'sendSigned(res, PLAYER_COOKIE, player, now)',
        'sendSigned(res, PLAYER_COOKIE, JSON.stringify(player), now)',
      ],
      ['return { player, game: parse', 'return { player: JSON.parse(player), game: parse'],
    ],
  },
  {
    id: 'latin1',
    says: 'The payload is decoded as Latin-1, so that every letter outside of it becomes two.',
    fails: 'read-back',
    file: 'signed.ts',
    change: [[".from(payload, 'base64url').toString()", ".from(payload, 'base64url').toString('latin1')"]],
  },
  {
    id: 'result-thrown-away',
    says: 'The command is played, but the state from before it goes into the cookie.',
    fails: 'read-back',
    file: 'server.ts',
    change: [
      [
        "writeSession(res, { ...session, game: play(session.game, field(req, 'command')) })",
        "play(session.game, field(req, 'command'))\n  writeSession(res, session)",
      ],
    ],
  },
  {
    id: 'name-in-a-variable',
    says: 'Who plays is kept in a variable of the module: the last one who logged in, for all visitors.',
    fails: 'own-game',
    file: 'server.ts',
    change: [
      ['const app = createApp()', "let current = ''\nconst app = createApp()"],
      [
        'writeSession(res, { player, game: newGame() })',
        'current = player\n  writeSession(res, { player, game: newGame() })',
      ],
      ['gamePage(session)', 'gamePage({ ...session, player: current })'],
    ],
  },
  {
    id: 'game-in-a-variable',
    says: 'The game is kept in a variable of the module, one for all visitors.',
    fails: 'own-game',
    file: 'server.ts',
    change: [
      ['const app = createApp()', 'let game = newGame()\nconst app = createApp()'],
      [
        'writeSession(res, { player, game: newGame() })',
        'game = newGame()\n  writeSession(res, { player, game })',
      ],
      [
        "writeSession(res, { ...session, game: play(session.game, field(req, 'command')) })",
        "game = play(game, field(req, 'command'))\n  writeSession(res, { ...session, game })",
      ],
      ['gamePage(session)', 'gamePage({ ...session, game })'],
    ],
  },
  {
    id: 'game-by-name',
    says: 'The server keeps the last game of each player, and believes that instead of the cookie.',
    fails: 'own-game',
    file: 'session.ts',
    change: [
      [
        "const PLAYER_COOKIE = 'player'",
        "const games = new Map<string, Game>()\nconst PLAYER_COOKIE = 'player'",
      ],
      ['  const now = nowSeconds()\n', '  games.set(player, game)\n  const now = nowSeconds()\n'],
      [
        'return { player, game: parseGame(readSigned(req, GAME_COOKIE)?.text) }',
        `const text = readSigned(req, GAME_COOKIE)?.text
  return { player, game: (text && games.get(player)) || parseGame(text) }`,
      ],
    ],
  },
  {
    id: 'notebook-on-the-server',
    says: 'The notebook stays on the server, so that the cookie is smaller; only the rest is in it.',
    fails: 'own-game',
    file: 'session.ts',
    change: [
      [
        "const PLAYER_COOKIE = 'player'",
        "const notebooks = new Map<string, string[]>()\nconst PLAYER_COOKIE = 'player'",
      ],
      [
        'sendSigned(res, GAME_COOKIE, JSON.stringify(game), now)',
        `notebooks.set(player, game.notebook)
  sendSigned(res, GAME_COOKIE, JSON.stringify({ ...game, notebook: [] }), now)`,
      ],
      [
        'game: parseGame(readSigned(req, GAME_COOKIE)?.text) }',
        'game: { ...parseGame(readSigned(req, GAME_COOKIE)?.text), notebook: notebooks.get(player) ?? [] } }',
      ],
    ],
  },
  {
    id: 'both-or-nobody',
    says: 'A player whose game is missing or refused counts as not logged in.',
    fails: 'no-game',
    file: 'session.ts',
    change: [
      [
        'if (player === undefined) return undefined',
        'if (player === undefined || readSigned(req, GAME_COOKIE) === undefined) return undefined',
      ],
    ],
  },
  {
    id: 'uncaught-json',
    says: 'JSON.parse gets the empty text when there is no game, and nobody catches what it throws.',
    fails: 'no-game',
    file: 'game.ts',
    change: [
      [
        `  try {
    const game: unknown = JSON.parse(json ?? '')
    return isGame(game) ? game : newGame()
  } catch {
    return newGame()
  }`,
        `  const game: unknown = JSON.parse(json ?? '')
  return isGame(game) ? game : newGame()`,
      ],
    ],
  },
  {
    id: 'no-login-needed',
    says: 'POST /play without a login plays on as nobody, instead of going to the form.',
    fails: 'no-game',
    file: 'server.ts',
    change: [
      [
        "    res.redirect(303, '/login')\n    return\n",
        "    writeSession(res, { player: '', game: play(newGame(), field(req, 'command')) })\n    res.redirect(303, '/')\n    return\n",
      ],
    ],
  },
  {
    id: 'win-shown-as-loss',
    says: 'Whoever wins is told that they have lost.',
    fails: 'play',
    file: 'game.ts',
    change: [["goal.room ? 'won' : undefined", "goal.room ? 'lost' : undefined"]],
  },
  {
    id: 'look-costs-a-turn',
    says: 'Looking around counts as a turn.',
    fails: 'play',
    file: 'game.ts',
    change: [["return { ...game, last: 'stare' }", "return endTurn({ ...game, last: 'stare' })"]],
  },
  {
    id: 'login-goes-on',
    says: 'Whoever logs in again goes on with the old game, so that a lost game can never be begun anew.',
    fails: 'play',
    file: 'server.ts',
    change: [['{ player, game: newGame() }', '{ player, game: readSession(req)?.game ?? newGame() }']],
  },
  {
    id: 'no-form-for-players',
    says: 'Whoever is logged in is sent from the form to the game, so that a lost game can never be begun anew.',
    fails: 'play',
    file: 'server.ts',
    change: [
      [
        "app.get('/login', (_req, res) => {\n",
        "app.get('/login', (req, res) => {\n  if (readSession(req)) return res.redirect(303, '/')\n",
      ],
    ],
  },
  {
    id: 'no-http-only',
    says: 'The cookies are set without HttpOnly.',
    fails: 'attributes',
    file: 'session.ts',
    change: [['httpOnly: true, ', '']],
  },
  {
    id: 'attributes-lost-on-rotation',
    says: 'A cookie that is signed anew after a change of the secret is sent without its attributes.',
    fails: 'attributes',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)',
        'if (cookie?.stale) res.cookie(name, sign(name, cookie.text, secrets, cookie.issued))',
      ],
    ],
  },
  {
    id: 'attributes-lost-on-logout',
    says: 'The cookies are cleared without their attributes.',
    fails: 'attributes',
    file: 'session.ts',
    change: [
      ['res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)', 'res.clearCookie(PLAYER_COOKIE)'],
      ['res.clearCookie(GAME_COOKIE, COOKIE_ATTRIBUTES)', 'res.clearCookie(GAME_COOKIE)'],
    ],
  },
  {
    id: 'max-age',
    says: 'The cookies have a Max-Age of a day, so that a game outlives the browser.',
    fails: 'session-cookie',
    file: 'session.ts',
    change: [["path: '/',", "path: '/', maxAge: 24 * 60 * 60 * 1000,"]],
  },
  {
    id: 'max-age-on-rotation',
    says: 'A cookie that is signed anew after a change of the secret gets the minutes that are left as a Max-Age.',
    fails: 'session-cookie',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)',
        `const maxAge = 60_000 * Math.ceil((idleSeconds - nowSeconds() + (cookie?.issued ?? 0)) / 60)
    if (cookie?.stale) {
      res.cookie(name, sign(name, cookie.text, secrets, cookie.issued), { ...COOKIE_ATTRIBUTES, maxAge })
    }`,
      ],
    ],
  },
  {
    id: 'no-verification',
    says: 'The payload is decoded and believed; nobody looks at the signature.',
    fails: 'tamper',
    file: 'signed.ts',
    change: [['  if (signer === -1) return undefined\n', '']],
  },
  {
    id: 'game-not-verified',
    says: 'Only the cookie "player" is verified; the game is decoded and believed.',
    fails: 'tamper',
    file: 'session.ts',
    change: [
      [
        'parseGame(readSigned(req, GAME_COOKIE)?.text)',
        "parseGame(Buffer.from(readCookie(req, GAME_COOKIE)?.split('.')[0] ?? '', 'base64url').toString())",
      ],
    ],
  },
  {
    id: 'verified-on-the-page-only',
    says: 'The page verifies the cookies; POST /play decodes and believes them.',
    fails: 'tamper',
    file: 'session.ts',
    change: [
      [
        '  return value === undefined ?',
        `  if (value !== undefined && req.method === 'POST') {
    const [payload = '', issued = ''] = value.split('.')
    return { text: Buffer.from(payload, 'base64url').toString(), issued: Number(issued), stale: false }
  }
  return value === undefined ?`,
      ],
    ],
  },
  {
    id: 'forgery-is-an-error',
    says: 'A cookie with a wrong signature is answered with 400, instead of counting as none.',
    fails: 'tamper',
    file: 'session.ts',
    change: [
      [
        'return value === undefined ? undefined : verify(name, value, secrets, nowSeconds(), idleSeconds)',
        `if (value === undefined) return undefined
  const verified = verify(name, value, secrets, nowSeconds(), idleSeconds)
  if (!verified) throw new Refusal(400, 'Your cookie is not valid.')
  return verified`,
      ],
    ],
  },
  {
    id: 'beginning-compared',
    says: 'Only the first eight characters of the signature are compared.',
    fails: 'tamper',
    file: 'signed.ts',
    change: [['timingSafeEqual(a, b)', 'timingSafeEqual(a.subarray(0, 8), b.subarray(0, 8))']],
  },
  {
    id: 'time-not-signed',
    says: 'The signature covers the payload and not the time, so an old cookie can be made young.',
    fails: 'tamper',
    file: 'signed.ts',
    change: [
      ['`${name}.${payload}.${nowSeconds}`', '`${name}.${payload}`'],
      ['`${name}.${payload}.${issued}`', '`${name}.${payload}`'],
    ],
  },
  {
    id: 'number-signed',
    says: 'The time is made a number before the signature is made anew, so that one signature is good for many texts.',
    fails: 'tamper',
    file: 'signed.ts',
    change: [
      [
        'isEqual(given, signature(`${name}.${payload}.${issued}`',
        'isEqual(given, signature(`${name}.${payload}.${Number(issued)}`',
      ],
    ],
  },
  {
    id: 'payload-encoded-anew',
    says: 'The payload is decoded first, and the signature made anew from what it says instead of from what came.',
    fails: 'tamper',
    file: 'signed.ts',
    change: [
      [
        'isEqual(given, signature(`${name}.${payload}.${issued}`',
        "isEqual(given, signature(`${name}.${Buffer.from(payload, 'base64url').toString('base64url')}.${issued}`",
      ],
    ],
  },
  {
    id: 'signs-whatever-comes',
    says: 'What no secret signed is taken for something that an older one signed, and is signed anew.',
    fails: 'tamper',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)',
        `const [payload = ''] = readCookie(req, name)?.split('.') ?? []
    const text = Buffer.from(payload, 'base64url').toString()
    if (text && (cookie?.stale ?? true)) sendSigned(res, name, text, nowSeconds())`,
      ],
    ],
  },
  {
    id: 'empty-secret',
    says: 'The empty text counts as one of the secrets, so a signature with the empty key is right.',
    fails: 'tamper',
    file: 'settings.ts',
    change: [['= sessionSecrets()', "= [...sessionSecrets(), '']"]],
  },
  {
    id: 'unequal-lengths',
    says: 'timingSafeEqual gets signatures of unequal length, and throws.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [['a.length === b.length && timingSafeEqual(a, b)', 'timingSafeEqual(a, b)']],
  },
  {
    id: 'lengths-in-characters',
    says: 'The lengths of the two texts are compared, but timingSafeEqual gets their bytes.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [
      [
        'a.length === b.length && timingSafeEqual(a, b)',
        'given.length === expected.length && timingSafeEqual(a, b)',
      ],
    ],
  },
  {
    id: 'fourth-part',
    says: 'What stands behind the third part is not looked at.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [['  if (rest.length > 0) return undefined\n', '']],
  },
  {
    id: 'as-far-as-it-goes',
    says: 'A signature is right as far as it goes, and the empty one goes nowhere.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [
      [
        'a.length === b.length && timingSafeEqual(a, b)',
        'a.length <= b.length && timingSafeEqual(a, b.subarray(0, a.length))',
      ],
    ],
  },
  {
    id: 'spare-characters',
    says: 'The comparison ends where the right signature ends; what stands behind it is not looked at.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [
      [
        'a.length === b.length && timingSafeEqual(a, b)',
        'a.length >= b.length && timingSafeEqual(a.subarray(0, b.length), b)',
      ],
    ],
  },
  {
    id: 'signature-decoded',
    says: 'The bytes of the signatures are compared, so that its last character can be another one.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [
      [
        '[Buffer.from(given), Buffer.from(expected)]',
        "[Buffer.from(given, 'base64url'), Buffer.from(expected, 'base64url')]",
      ],
    ],
  },
  {
    id: 'any-letter-case',
    says: 'The signatures are compared without regard to capital and small letters.',
    fails: 'cut-signature',
    file: 'signed.ts',
    change: [
      [
        '[Buffer.from(given), Buffer.from(expected)]',
        '[Buffer.from(given.toLowerCase()), Buffer.from(expected.toLowerCase())]',
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
    id: 'three-parts-expected',
    says: 'The value is taken to have three parts; a missing one is undefined, and Buffer.from throws.',
    fails: 'malformed',
    file: 'signed.ts',
    change: [
      [
        "const [payload = '', issued = '', given = '', ...rest] = value.split('.')",
        "const [payload, issued, given, ...rest] = value.split('.') as [string, string, string]",
      ],
    ],
  },
  {
    id: 'decoded-before-verified',
    says: 'The payload is decoded before the signature is looked at, and a stranger’s text makes that throw.',
    fails: 'malformed',
    file: 'signed.ts',
    change: [
      [
        '  if (rest.length > 0) return undefined\n',
        "  if (rest.length > 0) return undefined\n  new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(payload, 'base64url'))\n",
      ],
    ],
  },
  {
    id: 'broken-cookie-is-an-error',
    says: 'A cookie that has another form is answered with 400, again and again, until its owner deletes it.',
    fails: 'malformed',
    file: 'session.ts',
    change: [
      [
        '  return value === undefined ?',
        "  if (value !== undefined && !/^[^.]+\\.\\d+\\./.test(value)) throw new Refusal(400, 'Your cookie is broken.')\n  return value === undefined ?",
      ],
    ],
  },
  {
    id: 'end-of-the-name',
    says: 'A cookie is found by the end of its name: "my-player" is taken for "player".',
    fails: 'malformed',
    file: 'cookies.ts',
    change: [['pair.slice(0, equals).trim() !== name', '!pair.slice(0, equals).trim().endsWith(name)']],
  },
  {
    id: 'name-not-signed',
    says: 'The signature does not cover the name of the cookie: a player whose name is a game has that game.',
    fails: 'bound',
    file: 'signed.ts',
    change: [
      ['`${name}.${payload}.${nowSeconds}`', '`${payload}.${nowSeconds}`'],
      ['`${name}.${payload}.${issued}`', '`${payload}.${issued}`'],
    ],
  },
  {
    id: 'both-formats',
    says: 'A signature without the name of the cookie, as in step 1, is still accepted, so that nobody is logged out.',
    fails: 'bound',
    file: 'signed.ts',
    change: [
      [
        '    isEqual(given, signature(`${name}.${payload}.${issued}`, secret)),\n',
        '    [`${name}.${payload}.${issued}`, `${payload}.${issued}`].some((text) => isEqual(given, signature(text, secret))),\n',
      ],
    ],
  },
  {
    id: 'no-limit',
    says: 'The server leaves it to the browser to drop the cookies, and never looks at their age.',
    fails: 'expiry',
    file: 'signed.ts',
    change: [['  if (!(ageSeconds <= maxAgeSeconds)) return undefined\n', '']],
  },
  {
    id: 'an-hour-in-the-code',
    says: 'The limit is an hour, whatever GAME_SECONDS says.',
    fails: 'expiry',
    file: 'settings.ts',
    change: [["seconds('GAME_SECONDS', 3600)", '3600']],
  },
  {
    id: 'a-day-if-not-set',
    says: 'Without GAME_SECONDS the limit is a day instead of an hour.',
    fails: 'expiry',
    file: 'settings.ts',
    change: [["seconds('GAME_SECONDS', 3600)", "seconds('GAME_SECONDS', 24 * 60 * 60)"]],
  },
  {
    id: 'minutes-for-seconds',
    says: 'Without GAME_SECONDS the limit is 60 seconds: somebody has counted minutes.',
    fails: 'expiry',
    file: 'settings.ts',
    change: [["seconds('GAME_SECONDS', 3600)", "seconds('GAME_SECONDS', 60)"]],
  },
  {
    id: 'half-as-long-again',
    says: 'The limit gets half of itself as a period of grace.',
    fails: 'expiry',
    file: 'signed.ts',
    change: [['ageSeconds <= maxAgeSeconds)', 'ageSeconds <= 1.5 * maxAgeSeconds)']],
  },
  {
    id: 'game-without-limit',
    says: 'Only the cookie "player" gets too old: yesterday’s game can be played on after a new login.',
    fails: 'expiry',
    file: 'session.ts',
    change: [
      [
        'secrets, nowSeconds(), idleSeconds)',
        'secrets, nowSeconds(), name === PLAYER_COOKIE ? idleSeconds : Infinity)',
      ],
    ],
  },
  {
    id: 'limit-on-the-page-only',
    says: 'Only the page looks at the age of the cookies; a command makes old ones young again.',
    fails: 'expiry',
    file: 'session.ts',
    change: [
      [
        'secrets, nowSeconds(), idleSeconds)',
        "secrets, nowSeconds(), req.method === 'GET' ? idleSeconds : Infinity)",
      ],
    ],
  },
  {
    id: 'player-sent-once',
    says: 'The cookie "player" is sent at login and never again, so it gets too old in the middle of a game.',
    fails: 'renewal',
    file: 'session.ts',
    change: [
      [
        '  sendSigned(res, PLAYER_COOKIE, player, now)\n',
        '  if (game.turn === 0) sendSigned(res, PLAYER_COOKIE, player, now)\n',
      ],
    ],
  },
  {
    id: 'look-renews-nothing',
    says: 'Cookies are sent only when the game has changed, so whoever looks around for an hour is logged out.',
    fails: 'renewal',
    file: 'server.ts',
    change: [
      [
        "  writeSession(res, { ...session, game: play(session.game, field(req, 'command')) })",
        "  const game = play(session.game, field(req, 'command'))\n  if (game.turn !== session.game.turn) writeSession(res, { ...session, game })",
      ],
    ],
  },
  {
    id: 'time-kept',
    says: 'A command leaves the time in the cookies as it was, so a game ends an hour after the login.',
    fails: 'renewal',
    file: 'session.ts',
    change: [
      ['const now = nowSeconds()', 'const now = readSigned(res.req, PLAYER_COOKIE)?.issued ?? nowSeconds()'],
    ],
  },
  {
    id: 'secret-in-the-code',
    says: 'The secret is in the code, and SESSION_SECRET is never read.',
    fails: 'other-key',
    file: 'settings.ts',
    change: [['= sessionSecrets()', "= ['development-secret-that-everybody-knows']"]],
  },
  {
    id: 'first-secret-only',
    says: 'Only the first secret verifies, so a change of the secret logs everybody out.',
    fails: 'rotation',
    file: 'signed.ts',
    change: [['secrets.findIndex(', 'secrets.slice(0, 1).findIndex(']],
  },
  {
    id: 'one-old-secret',
    says: 'The list is taken for a pair: the newest secret and one before it. A third does not verify.',
    fails: 'rotation',
    file: 'signed.ts',
    change: [['secrets.findIndex(', 'secrets.slice(0, 2).findIndex(']],
  },
  {
    id: 'never-signed-anew',
    says: 'The old secrets verify, but what they signed is never signed with the new one.',
    fails: 'rotation',
    file: 'session.ts',
    change: [['if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)', 'void cookie']],
  },
  {
    id: 'only-player-signed-anew',
    says: 'Only the cookie "player" is signed with the new secret; the game is lost when the old one goes.',
    fails: 'rotation',
    file: 'session.ts',
    change: [['of [PLAYER_COOKIE, GAME_COOKIE]', 'of [PLAYER_COOKIE]']],
  },
  {
    id: 'young-again',
    says: 'What is signed with the new secret gets the present time, so that looking at a page makes an old copy young.',
    fails: 'rotation',
    file: 'session.ts',
    change: [['cookie.text, cookie.issued)', 'cookie.text, nowSeconds())']],
  },
  {
    id: 'always-signed-anew',
    says: 'Every look at the game signs both cookies anew, also what the newest secret has signed.',
    fails: 'rotation',
    file: 'session.ts',
    change: [['if (cookie?.stale)', 'if (cookie)']],
  },
  {
    id: 'signed-anew-when-half-old',
    says: 'A look at the game also signs anew what is older than half of the limit, with whatever secret.',
    fails: 'rotation',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale)',
        'if (cookie && (cookie.stale || nowSeconds() - cookie.issued > idleSeconds / 2))',
      ],
    ],
  },
  {
    id: 'both-or-none-signed-anew',
    says: 'When one of the cookies is stale, both are signed anew, also the one that the newest secret has signed.',
    fails: 'rotation',
    file: 'session.ts',
    change: [
      [
        '  for (const name of [PLAYER_COOKIE, GAME_COOKIE]) {',
        `  const isAnyStale = [PLAYER_COOKIE, GAME_COOKIE].some((name) => readSigned(req, name)?.stale)
  for (const name of [PLAYER_COOKIE, GAME_COOKIE]) {`,
      ],
      ['if (cookie?.stale)', 'if (cookie && isAnyStale)'],
    ],
  },
  {
    id: 'stops-at-the-first',
    says: 'The loop ends at the first cookie that is not stale, with return in place of continue.',
    fails: 'rotation',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)',
        'if (!cookie?.stale) return\n    sendSigned(res, name, cookie.text, cookie.issued)',
      ],
    ],
  },
  {
    id: 'no-game-nothing-signed-anew',
    says: 'When one of the cookies is missing, the other is not signed anew either.',
    fails: 'rotation',
    file: 'session.ts',
    change: [
      [
        '  for (const name of [PLAYER_COOKIE, GAME_COOKIE]) {',
        `  if (!readCookie(req, PLAYER_COOKIE) || !readCookie(req, GAME_COOKIE)) return
  for (const name of [PLAYER_COOKIE, GAME_COOKIE]) {`,
      ],
    ],
  },
  {
    id: 'signed-anew-with-the-old',
    says: 'What is stale is signed anew with the secret that had signed it, the last of the list.',
    fails: 'rotation',
    file: 'session.ts',
    change: [
      [
        'if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)',
        `const last = secrets.at(-1) ?? ''
    if (cookie?.stale) res.cookie(name, sign(name, cookie.text, [last], cookie.issued), COOKIE_ATTRIBUTES)`,
      ],
    ],
  },
  {
    id: 'oldest-secret-signs',
    says: 'The list of secrets is read from the wrong end: the oldest signs.',
    fails: 'rotation',
    file: 'settings.ts',
    change: [['= sessionSecrets()', '= sessionSecrets().reverse() as [string, ...string[]]']],
  },
  {
    id: 'default-stays',
    says: 'A default secret stays in the list beside those of SESSION_SECRET.',
    fails: 'retired',
    file: 'settings.ts',
    change: [['= sessionSecrets()', "= [...sessionSecrets(), 'development-secret-that-everybody-knows']"]],
  },
  {
    id: 'secrets-kept-in-a-file',
    says: 'Every secret that was ever used is kept in a file and goes on to verify, so that nobody is logged out.',
    fails: 'retired',
    file: 'settings.ts',
    change: [
      [
        "import { seconds, sessionSecrets } from '#kit/config.ts'",
        "import { existsSync, readFileSync, writeFileSync } from 'node:fs'\nimport { dataDir, seconds, sessionSecrets } from '#kit/config.ts'",
      ],
      [
        'export const secrets = sessionSecrets()',
        `const file = \`\${dataDir()}/secrets.txt\`
const earlier = existsSync(file) ? readFileSync(file, 'utf8').split('\\n') : []
const [newest, ...others] = sessionSecrets()
export const secrets: [string, ...string[]] = [newest, ...new Set([...others, ...earlier])]
writeFileSync(file, secrets.join('\\n'))`,
      ],
    ],
  },
  {
    id: 'unbounded',
    says: 'Nobody measures the cookie; a browser drops it when it is too large, and the turn is lost.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [['name.length + value.length > COOKIE_MAX_BYTES', 'value.length > Infinity']],
  },
  {
    id: 'text-measured',
    says: 'The JSON is measured instead of what is sent, which is a third longer.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [['name.length + value.length > COOKIE_MAX_BYTES', 'text.length > COOKIE_MAX_BYTES']],
  },
  {
    id: 'payload-measured',
    says: 'The time, the signature and the name of the cookie are forgotten when it is measured.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [['name.length + value.length >', "value.indexOf('.') >"]],
  },
  {
    id: 'name-not-measured',
    says: 'The value alone is measured, without the name of the cookie: four bytes too many.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [['name.length + value.length >', 'value.length >']],
  },
  {
    id: 'measured-too-late',
    says: 'The player is on the answer before the game is measured, and goes out with the refusal.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [
      ['  sendSigned(res, PLAYER_COOKIE, player, now)\n', ''],
      [
        '  sendSigned(res, GAME_COOKIE, JSON.stringify(game), now)\n',
        '  sendSigned(res, PLAYER_COOKIE, player, now)\n  sendSigned(res, GAME_COOKIE, JSON.stringify(game), now)\n',
      ],
    ],
  },
  {
    id: 'too-large-is-a-500',
    says: 'A line that does not fit is an error of the server, not a refusal.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [['throw new Refusal(\n      413,\n      ', 'throw new Error(\n      ']],
  },
  {
    id: 'both-cookies-together',
    says: 'The two cookies together may have 4,096 bytes, so a long name leaves less for the game.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [
      [
        '  // The game first: if it is too large, the answer has no cookie yet.\n',
        `  const values = [sign(PLAYER_COOKIE, player, secrets, now), sign(GAME_COOKIE, JSON.stringify(game), secrets, now)]
  if (values.join('playergame').length > COOKIE_MAX_BYTES) throw new Refusal(413, 'That does not fit.')
`,
      ],
    ],
  },
  {
    id: 'dropped-without-a-word',
    says: 'A command whose game does not fit is answered as if it had been done, without the cookies.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [
      [
        `    throw new Refusal(
      413,
      \`That does not fit: a game can have \${COOKIE_MAX_BYTES} bytes. It is as it was before.\`,
    )
`,
        '    return\n',
      ],
    ],
  },
  {
    id: 'last-line-left-out',
    says: 'A line that does not fit is left out of the notebook, and nobody is told.',
    fails: 'size-limit',
    file: 'session.ts',
    change: [
      [
        '  const now = nowSeconds()\n',
        `  const now = nowSeconds()
  if (GAME_COOKIE.length + sign(GAME_COOKIE, JSON.stringify(game), secrets, now).length > COOKIE_MAX_BYTES) {
    return writeSession(res, { player, game: { ...game, notebook: game.notebook.slice(0, -1) } })
  }
`,
      ],
    ],
  },
  {
    id: 'player-left',
    says: 'Logging out clears the game and leaves the player.',
    fails: 'logout',
    file: 'session.ts',
    change: [['  res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)\n', '']],
  },
  {
    id: 'game-left',
    says: 'Logging out clears the player and leaves the game, for whoever logs in next at this browser.',
    fails: 'logout',
    file: 'session.ts',
    change: [['  res.clearCookie(GAME_COOKIE, COOKIE_ATTRIBUTES)\n', '']],
  },
  {
    id: 'logout-by-link',
    says: 'Logging out is a GET, so an image on any page can do it.',
    fails: 'logout',
    file: 'server.ts',
    change: [["app.post('/logout'", "app.get('/logout'"]],
  },
  {
    id: 'cleared-elsewhere',
    says: 'The cookies are cleared under Path=/logout, and the browser keeps those under Path=/.',
    fails: 'logout',
    file: 'session.ts',
    change: [
      [
        'res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)',
        "res.clearCookie(PLAYER_COOKIE, { ...COOKIE_ATTRIBUTES, path: '/logout' })",
      ],
      [
        'res.clearCookie(GAME_COOKIE, COOKIE_ATTRIBUTES)',
        "res.clearCookie(GAME_COOKIE, { ...COOKIE_ATTRIBUTES, path: '/logout' })",
      ],
    ],
  },
  {
    id: 'name-locked-out',
    says: 'The names of those who have logged out are kept on the server and refused, also after a new login.',
    fails: 'logout',
    file: 'session.ts',
    change: [
      [
        "const PLAYER_COOKIE = 'player'",
        "const loggedOut = new Set<string>()\nconst PLAYER_COOKIE = 'player'",
      ],
      [
        'if (player === undefined) return undefined',
        'if (player === undefined || loggedOut.has(player)) return undefined',
      ],
      [
        '  res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)\n',
        `  const player = readSigned(res.req, PLAYER_COOKIE)?.text
  if (player !== undefined) loggedOut.add(player)
  res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)
`,
      ],
    ],
  },
  {
    id: 'logout-for-players-only',
    says: 'Only who is logged in can log out, so that cookies which are too old stay in the browser.',
    fails: 'logout',
    file: 'server.ts',
    change: [
      [
        "app.post('/logout', (_req, res) => {\n",
        "app.post('/logout', (req, res) => {\n  if (!readSession(req)) return res.redirect(303, '/login')\n",
      ],
    ],
  },
  {
    id: 'decoded-twice',
    says: 'What was in the cookie goes through decodeURIComponent once more, which throws on a name like "100%".',
    fails: 'escaped',
    file: 'signed.ts',
    change: [
      [
        "text: Buffer.from(payload, 'base64url').toString()",
        "text: decodeURIComponent(Buffer.from(payload, 'base64url').toString())",
      ],
    ],
  },
  {
    id: 'name-as-html',
    says: 'The name goes into the page as HTML.',
    fails: 'escaped',
    file: 'pages.ts',
    change: [
      ['import { html, page }', 'import { Html, html, page }'],
      ['Logged in as ${player}', 'Logged in as ${new Html(player)}'],
    ],
  },
  {
    id: 'notebook-as-html',
    says: 'The notebook goes into the page as HTML.',
    fails: 'escaped',
    file: 'pages.ts',
    change: [
      ['import { html, page }', 'import { Html, html, page }'],
      ['<li>${line}</li>', '<li>${new Html(line)}</li>'],
    ],
  },
  {
    id: 'bare-go-throws',
    says: 'A bare "go" throws, because there is no direction to look up.',
    fails: 'odd-commands',
    file: 'game.ts',
    change: [
      [
        "if (direction === '') return { ...game, last: 'where' }",
        "if (direction === '') throw new TypeError('Cannot read properties of undefined')",
      ],
    ],
  },
  {
    id: 'inherited-exits',
    says: 'Exits are looked up without hasOwn, so "go constructor" leads somewhere.',
    fails: 'odd-commands',
    file: 'game.ts',
    change: [['own(roomOf(game).exits, direction)', 'roomOf(game).exits[direction]']],
  },
  {
    id: 'room-that-is-none',
    says: 'A direction without an exit leads to a room that does not exist.',
    fails: 'odd-commands',
    file: 'game.ts',
    change: [
      [
        "room === undefined ? { ...game, last: 'noway' } : endTurn({ ...game, room, last: 'moved' })",
        "endTurn({ ...game, room: room ?? direction, last: 'moved' })",
      ],
    ],
  },
  {
    id: 'part-of-a-name',
    says: 'Items are found by a part of their name: "get o" takes something.',
    fails: 'odd-commands',
    file: 'game.ts',
    change: [['!itemsHere(game).includes(item)', '!itemsHere(game).some((one) => one.includes(item))']],
  },
  {
    id: 'spaces-are-a-name',
    says: 'The name is not trimmed, so a name of spaces is one.',
    fails: 'bad-name',
    file: 'server.ts',
    change: [["field(req, 'name').trim()", "field(req, 'name')"]],
  },
  {
    id: 'no-longest-name',
    says: 'A name can have any length.',
    fails: 'bad-name',
    file: 'server.ts',
    change: [['[...player].length > NAME_MAX_CHARACTERS', 'player.length > Infinity']],
  },
  {
    id: 'triple-equals',
    says: 'The signatures are compared with ===, which takes longer the more of it is right.',
    fails: 'constant-time',
    file: 'signed.ts',
    change: [
      ['import { createHmac, timingSafeEqual }', 'import { createHmac }'],
      ['return a.length === b.length && timingSafeEqual(a, b)', 'return a.toString() === b.toString()'],
    ],
  },
]
