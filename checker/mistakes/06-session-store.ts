// Lab 6: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../src/verify/mistake.ts'

const CLASS = 'export class FileStore extends Store {\n'
const NOT_RESURRECTED = '        if (loaded && (await readText(file)) === undefined) return\n'
const REMEMBERED_AT_GET = '      this.#loaded.remember(id, stored.session)\n'
const ENDED_REMOVED = '    await remove(file)\n    return undefined\n'
const OWN = '      const own = asJson(session)\n'
const MERGED = 'loaded && stored ? mergeChanges(stored.session, loaded, own) : own'
const FILE_NAME = "`${createHash('sha256').update(id).digest('hex')}.json`"
const NAME_PATTERN = '/^[0-9a-f]{64}\\.json$/'
const WHOLE_WRITE =
  '  const temporary = temporaryName(file)\n  try {\n    await writeFile(temporary, text, { mode: OWNER_ONLY })\n    await moveFile(temporary, file)\n  } catch (error) {\n    await remove(temporary)\n    throw error\n  }\n'
const TOUCHED = '          session: { ...stored.session, cookie },\n'
const UNUSED = 'now >= lastAccessMs + timeoutSeconds * 1000'
const PARSED = 'return hasTimes && session?.cookie instanceof Object ? withDate(stored) : undefined'
const CALLED = '    if (callback) setImmediate(callback, error, result)\n'
const DESTROYED = '      await withLock(file, () => remove(file))\n    })\n  }\n\n  /** All sessions'
const ALL_READ = '        if (stored) sessions.push(stored.session)\n'
const CLEARED =
  '      for (const file of await this.#files()) {\n        await withLock(file, () => remove(file))\n      }\n'

export const mistakes: Mistake[] = [
  {
    id: 'field-renamed',
    says: 'The form calls its field "text", the route reads "value".',
    fails: 'opens',
    file: 'pages.ts',
    change: [['<input name="value"', '<input name="text"']],
  },
  {
    id: 'nothing-said',
    says: 'To somebody without a session the page says nothing.',
    fails: 'opens',
    file: 'pages.ts',
    change: [['html`<p>There is no session.</p>`', 'html``']],
  },
  {
    id: 'save-uninitialized',
    says: 'saveUninitialized is true: a file and a cookie for everybody who only looks.',
    fails: 'nothing-stored',
    file: 'sessions.ts',
    change: [['saveUninitialized: false', 'saveUninitialized: true']],
  },
  {
    id: 'visits-counted',
    says: 'Looking at a page is noted in the session, so that there always is one.',
    fails: 'nothing-stored',
    file: 'server.ts',
    change: [
      [
        "app.get('/read', async (req, res) => {\n",
        "app.get('/read', async (req, res) => {\n  Object.assign(req.session, { seen: true })\n",
      ],
    ],
  },
  {
    id: 'saved-without-a-change',
    says: 'Deleting saves the session also when there is none.',
    fails: 'nothing-stored',
    file: 'server.ts',
    change: [
      [
        '  if (listValues(req.session).some((one) => one.name === name)) {',
        '  Object.assign(req.session, { deleted: name })\n  if (name) {',
      ],
    ],
  },
  {
    id: 'readable-by-scripts',
    says: 'The cookie is not HttpOnly.',
    fails: 'attributes',
    file: 'session-cookie.ts',
    change: [['httpOnly: true', 'httpOnly: false']],
  },
  {
    id: 'no-same-site',
    says: 'The cookie has no SameSite.',
    fails: 'attributes',
    file: 'session-cookie.ts',
    change: [[", sameSite: 'lax' }", ' }']],
  },
  {
    id: 'timeout-in-the-cookie',
    says: 'The cookie has a Max-Age, as if the browser ended sessions.',
    fails: 'attributes',
    file: 'session-cookie.ts',
    change: [["sameSite: 'lax' }", "sameSite: 'lax', maxAge: 365 * 24 * 60 * 60 * 1000 }"]],
  },
  {
    id: 'cookie-decoded-by-hand',
    says: 'The Cookie header is decoded by hand, and that throws when it cannot be decoded.',
    fails: 'malformed',
    file: 'server.ts',
    change: [
      [
        'app.use((_req, res, next) => {\n',
        "app.use((_req, res, next) => {\n  decodeURIComponent(_req.headers.cookie ?? '')\n",
      ],
    ],
  },
  {
    id: 'any-name',
    says: 'It is looked only whether a name begins as it should.',
    fails: 'bad-input',
    file: 'session-data.ts',
    change: [['/^[A-Za-z0-9_-]+$/', '/^[A-Za-z0-9_-]+/']],
  },
  {
    id: 'names-too-short',
    says: 'A name of exactly 40 characters is refused.',
    fails: 'bad-input',
    file: 'session-data.ts',
    change: [['name.length > NAME_MAX_CHARACTERS', 'name.length >= NAME_MAX_CHARACTERS']],
  },
  {
    id: 'bytes-counted',
    says: 'Bytes of a value are counted, not characters.',
    fails: 'bad-input',
    file: 'session-data.ts',
    change: [['[...value].length >', 'Buffer.byteLength(value) >']],
  },
  {
    id: 'file-instead-of-session',
    says: 'get gives all that is in the file, with the session somewhere in it.',
    fails: 'round-trip',
    file: 'file-store.ts',
    change: [
      [
        '      return stored.session\n    })',
        '      return { ...stored, cookie: stored.session.cookie }\n    })',
      ],
    ],
  },
  {
    id: 'cookie-forgotten',
    says: 'The cookie is stored without its attributes.',
    fails: 'round-trip',
    file: 'file-store.ts',
    change: [[OWN, `${OWN}      Object.assign(own, { cookie: { expires: own.cookie.expires } })\n`]],
  },
  {
    id: 'texts-only',
    says: 'Everything in a session is stored as a text.',
    fails: 'round-trip',
    file: 'file-store.ts',
    change: [
      [
        OWN,
        `${OWN}      for (const [name, value] of Object.entries(own)) {\n        if (typeof value === 'number') Object.assign(own, { [name]: String(value) })\n      }\n`,
      ],
    ],
  },
  {
    id: 'nothing-deleted',
    says: 'A property that a request has deleted stays in the file.',
    fails: 'round-trip',
    file: 'merge.ts',
    change: [['    else merged.delete(name)\n', '']],
  },
  {
    id: 'same-object-again',
    says: 'Sessions are kept in memory as well, and what a request deletes stays there.',
    fails: 'round-trip',
    file: 'file-store.ts',
    change: [
      [CLASS, `${CLASS}  readonly #cache = new Map<string, SessionData>()\n`],
      [REMEMBERED_AT_GET, `${REMEMBERED_AT_GET}      this.#cache.set(id, stored.session)\n`],
      [
        '      if (!stored) return undefined\n',
        '      if (!stored) return undefined\n      const cached = this.#cache.get(id)\n      if (cached) return Object.assign(cached, stored.session, cached)\n',
      ],
    ],
  },
  {
    id: 'latin-1',
    says: 'Files are written in another encoding than they are read in.',
    fails: 'round-trip',
    file: 'atomic-file.ts',
    change: [['{ mode: OWNER_ONLY }', "{ mode: OWNER_ONLY, encoding: 'latin1' }"]],
  },
  {
    id: 'set-not-awaited',
    says: 'set begins to write the file, and calls back.',
    fails: 'round-trip',
    file: 'file-store.ts',
    change: [
      [
        '      await withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
        '      withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
      ],
    ],
  },
  {
    id: 'called-back-in-the-promise',
    says: 'The callback is called inside of the promise: what it throws looks like a failure, and it is called again.',
    fails: 'callbacks',
    file: 'callbacks.ts',
    change: [
      [
        '    if (callback) setImmediate(callback, error, result)\n    else if',
        '    if (callback) callback(error, result)\n    else if',
      ],
      [
        '  work().then((result) => call(null, result), call)',
        '  work().then((result) => call(null, result)).catch(call)',
      ],
    ],
  },
  {
    id: 'callback-expected',
    says: 'The callback is called without looking whether there is one.',
    fails: 'callbacks',
    file: 'callbacks.ts',
    change: [[`${CALLED}    else if (error) console.error(error)\n`, '    callback!(error, result)\n']],
  },
  {
    id: 'error-swallowed',
    says: 'Nothing is called back when the work fails.',
    fails: 'callbacks',
    file: 'callbacks.ts',
    change: [[', result), call)', ', result), console.error)']],
  },
  {
    id: 'called-back-twice',
    says: 'length calls back with the error, goes on, and calls back again.',
    fails: 'callbacks',
    file: 'file-store.ts',
    change: [
      [
        '    answer(callback, async () => {\n      const sessions = await answered<SessionData[]>((done) => this.all(done))\n      return sessions?.length\n    })\n',
        '    this.all((error, sessions) => {\n      if (error) callback?.(error)\n      callback?.(null, sessions?.length)\n    })\n',
      ],
    ],
  },
  {
    id: 'clear-never-calls-back',
    says: 'clear does not hand over its callback.',
    fails: 'callbacks',
    file: 'file-store.ts',
    change: [
      [`    answer(callback, async () => {\n${CLEARED}`, `    answer(undefined, async () => {\n${CLEARED}`],
    ],
  },
  {
    id: 'thrown-outside',
    says: 'set makes the JSON before the promise begins, so that it throws instead of calling back.',
    fails: 'callbacks',
    file: 'file-store.ts',
    change: [
      [
        '  override set(id: string, session: SessionData, callback?: Answer): void {\n    answer(callback, async () => {\n',
        '  override set(id: string, session: SessionData, callback?: Answer): void {\n    const own = asJson(session)\n    answer(callback, async () => {\n',
      ],
      [OWN, ''],
    ],
  },
  {
    id: 'missing-file-is-an-error',
    says: 'get calls back with the error of the system when there is no file.',
    fails: 'unknown-id',
    file: 'file-store.ts',
    change: [
      [
        '      if (!stored) return undefined\n',
        "      if (!stored) throw Object.assign(new Error('There is no such file.'), { code: 'ENOENT' })\n",
      ],
    ],
  },
  {
    id: 'calls-back-at-once',
    says: 'get calls back before it returns when there is no file.',
    fails: 'callbacks',
    file: 'file-store.ts',
    change: [
      ["import { mkdirSync } from 'node:fs'", "import { existsSync, mkdirSync } from 'node:fs'"],
      [
        '  override get(id: string, callback?: Answer<SessionData>): void {\n',
        '  override get(id: string, callback?: Answer<SessionData>): void {\n    if (!existsSync(this.#file(id))) return callback?.(null)\n',
      ],
    ],
  },
  {
    id: 'destroy-not-awaited',
    says: 'destroy calls back while the file is still being removed: nobody hears of an error.',
    fails: 'callbacks',
    file: 'file-store.ts',
    change: [[DESTROYED, DESTROYED.replace('await ', '')]],
  },
  {
    id: 'no-session-is-an-error',
    says: 'get calls back with an error of its own when there is no session.',
    fails: 'unknown-id',
    file: 'file-store.ts',
    change: [
      [
        '      if (!stored) return undefined\n',
        "      if (!stored) throw new Error('There is no such session.')\n",
      ],
    ],
  },
  {
    id: 'empty-session',
    says: 'get makes an empty session for an id that nobody has.',
    fails: 'unknown-id',
    file: 'file-store.ts',
    change: [
      [
        '      if (!stored) return undefined\n',
        "      if (!stored) return { cookie: { originalMaxAge: null, path: '/' } } as SessionData\n",
      ],
    ],
  },
  {
    id: 'id-as-name',
    says: 'The id is the name of the file.',
    fails: 'id-is-a-path',
    file: 'file-names.ts',
    change: [
      [FILE_NAME, '`${id}.json`'],
      [NAME_PATTERN, '/\\.json$/'],
    ],
  },
  {
    id: 'id-encoded',
    says: 'The id is the name of the file, percent-encoded: too long for some ids.',
    fails: 'id-is-a-path',
    file: 'file-names.ts',
    change: [
      [FILE_NAME, '`${encodeURIComponent(id)}.json`'],
      [NAME_PATTERN, '/\\.json$/'],
    ],
  },
  {
    id: 'id-cleaned',
    says: 'All but letters and digits is taken out of an id, so that two ids share a file.',
    fails: 'id-is-a-path',
    file: 'file-names.ts',
    change: [['update(id)', "update(id.replace(/[^A-Za-z0-9-]/g, ''))"]],
  },
  {
    id: 'id-in-small-letters',
    says: 'Ids that differ only in capital letters share a file.',
    fails: 'id-is-a-path',
    file: 'file-names.ts',
    change: [['update(id)', 'update(id.toLowerCase())']],
  },
  {
    id: 'id-shortened',
    says: 'Only the first 255 characters of an id count.',
    fails: 'id-is-a-path',
    file: 'file-names.ts',
    change: [['update(id)', 'update(id.slice(0, 255))']],
  },
  {
    id: 'no-prefix',
    says: 'Values are properties of the session under their own names, beside "cookie" and "save".',
    fails: 'values',
    file: 'session-data.ts',
    change: [
      ["const PREFIX = 'value:'", "const PREFIX = ''"],
      ['property.startsWith(PREFIX)', "property !== 'cookie'"],
    ],
  },
  {
    id: 'sorted',
    says: 'Values are listed in the order of the alphabet.',
    fails: 'values',
    file: 'session-data.ts',
    change: [['  return Object.entries(session)\n', '  return Object.entries(session)\n    .sort()\n']],
  },
  {
    id: 'shared-values',
    says: 'The values of all visitors are in one variable of the module.',
    fails: 'values',
    file: 'session-data.ts',
    change: [
      ['export interface Value {', 'const all: Record<string, unknown> = {}\n\nexport interface Value {'],
      [
        '  Object.assign(session, {',
        '  Object.assign(all, { [`${PREFIX}${name}`]: value })\n  Object.assign(session, {',
      ],
      [
        '  return Object.entries(session)\n',
        "  if (!('cookie' in session) || Object.keys(session).length === 1) return []\n  return Object.entries({ ...session, ...all })\n",
      ],
    ],
  },
  {
    id: 'value-as-html',
    says: 'Values go into the page as HTML.',
    fails: 'as-text',
    file: 'pages.ts',
    change: [
      ['<span>${name}: ${value}</span>', '<span>${name}: ${new Html(value)}</span>'],
      ['import { type Html, html, page }', 'import { Html, html, page }'],
    ],
  },
  {
    id: 'cleared-at-start',
    says: 'The folder is emptied at the start.',
    fails: 'restart',
    file: 'sessions.ts',
    change: [
      [
        '  const store = new FileStore(sessionSettings())\n',
        '  rmSync(sessionSettings().folder, { recursive: true, force: true })\n  const store = new FileStore(sessionSettings())\n',
      ],
      ["import path from 'node:path'\n", "import { rmSync } from 'node:fs'\nimport path from 'node:path'\n"],
    ],
  },
  {
    id: 'folder-per-process',
    says: 'Each process has a folder of its own, so after a start nothing is there.',
    fails: 'restart',
    file: 'sessions.ts',
    change: [["path.join(dataDir(), '.sessions')", "path.join(dataDir(), '.sessions', String(process.pid))"]],
  },
  {
    id: 'secret-per-process',
    says: 'The secret is drawn at each start, so cookies from before are worth nothing.',
    fails: 'restart',
    file: 'sessions.ts',
    change: [
      ['      secret: sessionSecrets(),\n', '      secret: `${sessionSecrets()[0]}${process.pid}`,\n'],
    ],
  },
  {
    id: 'nothing-destroyed',
    says: 'destroy calls back, and leaves the file.',
    fails: 'destroy',
    file: 'file-store.ts',
    change: [[DESTROYED, DESTROYED.replace('remove(file)', 'listNames(file)')]],
  },
  {
    id: 'all-destroyed',
    says: 'destroy ends the sessions of all.',
    fails: 'destroy',
    file: 'file-store.ts',
    change: [
      [
        DESTROYED,
        DESTROYED.replace(
          'await withLock(file, () => remove(file))',
          'await withLock(file, () => remove(this.#folder))\n      mkdirSync(this.#folder)',
        ),
      ],
    ],
  },
  {
    id: 'destroyed-later',
    says: 'destroy begins to remove the file, and calls back.',
    fails: 'destroy',
    file: 'file-store.ts',
    change: [
      [
        DESTROYED,
        DESTROYED.replace(
          'await withLock(file, () => remove(file))',
          'withLock(file, () => remove(file)).catch(console.error)',
        ),
      ],
    ],
  },
  {
    id: 'destroyed-twice-is-an-error',
    says: 'destroy calls back with an error when there is no file.',
    fails: 'destroy',
    file: 'file-store.ts',
    change: [
      [
        DESTROYED,
        `      if ((await readText(file)) === undefined) throw new Error('There is no such session.')\n${DESTROYED}`,
      ],
    ],
  },
  {
    id: 'newest-only',
    says: 'all gives the session that it read last.',
    fails: 'all',
    file: 'file-store.ts',
    change: [[ALL_READ, '        if (stored) sessions.splice(0, 1, stored.session)\n']],
  },
  {
    id: 'sets-counted',
    says: 'length counts how often a session was set.',
    fails: 'all',
    file: 'file-store.ts',
    change: [
      [CLASS, `${CLASS}  #count = 0\n`],
      [OWN, `${OWN}      this.#count += 1\n`],
      ['      return sessions?.length\n', '      return sessions && this.#count\n'],
    ],
  },
  {
    id: 'texts-listed',
    says: 'all gives the sessions as texts.',
    fails: 'all',
    file: 'file-store.ts',
    change: [
      [
        ALL_READ,
        '        if (stored) sessions.push(JSON.stringify(stored.session) as unknown as SessionData)\n',
      ],
    ],
  },
  {
    id: 'first-cleared',
    says: 'clear ends one session only.',
    fails: 'clear',
    file: 'file-store.ts',
    change: [[CLEARED, CLEARED.replace('\n      }\n', '\n        return\n      }\n')]],
  },
  {
    id: 'nothing-cleared',
    says: 'clear calls back, and does nothing.',
    fails: 'clear',
    file: 'file-store.ts',
    change: [[CLEARED, '']],
  },
  {
    id: 'cleared-later',
    says: 'clear removes the files in an async forEach, which nobody waits for.',
    fails: 'clear',
    file: 'file-store.ts',
    change: [
      [
        CLEARED,
        '      const files = await this.#files()\n      files.forEach(async (file) => {\n        await withLock(file, () => remove(file))\n      })\n',
      ],
    ],
  },
  {
    id: 'folder-cleared',
    says: 'clear removes whatever is in the folder.',
    fails: 'foreign-files',
    file: 'file-store.ts',
    change: [
      [
        CLEARED,
        '      for (const name of await listNames(this.#folder)) await remove(path.join(this.#folder, name))\n',
      ],
    ],
  },
  {
    id: 'all-json-is-ours',
    says: 'Every file whose name ends in .json is taken for a session.',
    fails: 'foreign-files',
    file: 'file-names.ts',
    change: [[NAME_PATTERN, '/\\.json$/']],
  },
  {
    id: 'beginning-of-name-only',
    says: 'A name only has to begin like one of the store, so it also takes what an editor keeps beside a file.',
    fails: 'foreign-files',
    file: 'file-names.ts',
    change: [[NAME_PATTERN, '/^[0-9a-f]{64}\\.json/']],
  },
  {
    id: 'as-long-as-ours',
    says: 'Every name of that length with that ending is taken for one of the store.',
    fails: 'foreign-files',
    file: 'file-names.ts',
    change: [[NAME_PATTERN, '/^.{64}\\.json$/']],
  },
  {
    id: 'end-of-name-only',
    says: 'It is looked only whether a name ends as it should.',
    fails: 'foreign-files',
    file: 'file-names.ts',
    change: [[NAME_PATTERN, '/[0-9a-f]{64}\\.json$/']],
  },
  {
    id: 'files-counted',
    says: 'length counts the files in the folder.',
    fails: 'foreign-files',
    file: 'file-store.ts',
    change: [
      [
        '      const sessions = await answered<SessionData[]>((done) => this.all(done))\n      return sessions?.length\n',
        "      await answered<SessionData[]>((done) => this.all(done))\n      const names = await listNames(this.#folder)\n      return names.filter((name) => !name.endsWith('.lock')).length\n",
      ],
    ],
  },
  {
    id: 'ended-by-a-link',
    says: 'A GET of /delete_all ends the session, too.',
    fails: 'delete',
    file: 'server.ts',
    change: [["app.post('/delete_all'", "app.all('/delete_all'"]],
  },
  {
    id: 'cookie-cleared-only',
    says: 'Ending a session clears the cookie, and leaves the file: a copy of the cookie is as good as before.',
    fails: 'delete',
    file: 'server.ts',
    change: [['  await answered((callback) => req.session.destroy(callback))\n', '']],
  },
  {
    id: 'cookie-left',
    says: 'Ending a session leaves the cookie in the browser.',
    fails: 'delete',
    file: 'server.ts',
    change: [['  res.clearCookie(SESSION_COOKIE, cookieOptions)\n', '']],
  },
  {
    id: 'emptied-only',
    says: 'Ending a session takes the values out, and the session goes on.',
    fails: 'delete',
    file: 'server.ts',
    change: [
      [
        '  await answered((callback) => req.session.destroy(callback))\n',
        '  for (const { name } of listValues(req.session)) deleteValue(req.session, name)\n  await answered((callback) => req.session.save(callback))\n',
      ],
    ],
  },
  {
    id: 'all-values-deleted',
    says: 'Deleting one value deletes all.',
    fails: 'delete',
    file: 'server.ts',
    change: [
      [
        '    deleteValue(req.session, name)\n',
        '    for (const one of listValues(req.session)) deleteValue(req.session, one.name)\n',
      ],
    ],
  },
  {
    id: 'json-taken-for-granted',
    says: 'JSON.parse throws on what is no JSON, and nobody catches it.',
    fails: 'corrupt',
    file: 'stored-session.ts',
    change: [
      [
        '  } catch {\n    return undefined\n  }',
        "  } catch (error) {\n    if (text === '') return undefined\n    throw error\n  }",
      ],
    ],
  },
  {
    id: 'any-json',
    says: 'Whatever is JSON is taken for a session.',
    fails: 'corrupt',
    file: 'stored-session.ts',
    change: [
      [PARSED, 'return hasTimes && session.cookie ? withDate(stored) : stored'],
      ['    const { createdMs,', '    if (stored === null) return undefined\n    const { createdMs,'],
      [
        '  const { cookie } = stored.session\n  if (cookie.expires)',
        '  const cookie = stored.session?.cookie\n  if (cookie?.expires)',
      ],
    ],
  },
  {
    id: 'null-is-an-object',
    says: 'The type of the cookie is looked at, and null is an object as well.',
    fails: 'corrupt',
    file: 'stored-session.ts',
    change: [
      [
        '    const stored = JSON.parse(text)\n    const { createdMs, lastAccessMs, session } = stored\n',
        '    JSON.parse(text)\n  } catch {\n    return undefined\n  }\n  {\n    const stored = JSON.parse(text)\n    const { createdMs, lastAccessMs, session } = stored ?? {}\n',
      ],
      [PARSED, PARSED.replace('session?.cookie instanceof Object', "typeof session?.cookie === 'object'")],
      ['  } catch {\n    return undefined\n  }\n}\n\n/** When', '  }\n}\n\n/** When'],
    ],
  },
  {
    id: 'damage-is-for-ever',
    says: 'What is no session cannot be set over, because set takes it for somebody else’s file.',
    fails: 'corrupt',
    file: 'file-store.ts',
    change: [
      [
        NOT_RESURRECTED,
        `${NOT_RESURRECTED}        if (!stored && (await readText(file)) !== undefined) return\n`,
      ],
    ],
  },
  {
    id: 'written-in-place',
    says: 'The file is written in its place.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [[WHOLE_WRITE, '  await writeFile(file, text, { mode: OWNER_ONLY })\n']],
  },
  {
    id: 'removed-before-written',
    says: 'The old file is removed before the new one is there.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [[WHOLE_WRITE, `  await remove(file)\n${WHOLE_WRITE}`]],
  },
  {
    id: 'unfinished-left',
    says: 'A file that could not be finished is left behind.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [['    await remove(temporary)\n', '']],
  },
  {
    id: 'failure-kept-quiet',
    says: 'When a file cannot be written, set calls back as if it had been.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [['    throw error\n', '']],
  },
  {
    id: 'leftovers-left',
    says: 'What a crash has left behind is never removed.',
    fails: 'atomic',
    file: 'file-store.ts',
    change: [['    removeLeftovers(this.#folder).catch(console.error)\n', '']],
  },
  {
    id: 'temporary-elsewhere',
    says: 'Temporary files are in the folder of the system for them: perhaps on another disk, and nobody tidies up there.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [
      [
        'import { writeFile }',
        "import { tmpdir } from 'node:os'\nimport path from 'node:path'\nimport { writeFile }",
      ],
      ['temporaryName(file)', 'path.join(tmpdir(), path.basename(temporaryName(file)))'],
    ],
  },
  {
    id: 'lock-of-the-dead',
    says: 'The lock of a process that was killed stays for ever.',
    fails: 'atomic',
    file: 'lock.ts',
    change: [
      ['const LOOKS_AT_SAME_OWNER_MAX = 50', 'const LOOKS_AT_SAME_OWNER_MAX = 50_000'],
      ['const LOOKS_MAX = 1000', 'const LOOKS_MAX = 100_000'],
    ],
  },
  {
    id: 'readable-by-all',
    says: 'All users of the computer can read the sessions.',
    fails: 'atomic',
    file: 'atomic-file.ts',
    change: [[', { mode: OWNER_ONLY }', '']],
  },
  {
    id: 'never-idle',
    says: 'Only the end of the cookie ends a session.',
    fails: 'idle',
    file: 'expiry.ts',
    change: [[UNUSED, 'timeoutSeconds < 0']],
  },
  {
    id: 'milliseconds',
    says: 'The limit in seconds is taken for milliseconds.',
    fails: 'idle',
    file: 'expiry.ts',
    change: [['timeoutSeconds * 1000', 'timeoutSeconds * 100']],
  },
  {
    id: 'always-a-day',
    says: 'Without a limit, a session ends after a day.',
    fails: 'idle',
    file: 'expiry.ts',
    change: [
      [
        'timeoutSeconds !== undefined && now >= lastAccessMs + timeoutSeconds * 1000',
        'now >= lastAccessMs + (timeoutSeconds ?? 86_400) * 1000',
      ],
    ],
  },
  {
    id: 'since-its-creation',
    says: 'The time counts from the creation of the session, not from its last use.',
    fails: 'idle',
    file: 'expiry.ts',
    change: [
      ['{ lastAccessMs, session }', '{ createdMs, session }'],
      ['lastAccessMs + timeoutSeconds', 'createdMs + timeoutSeconds'],
    ],
  },
  {
    id: 'length-counts-the-ended',
    says: 'length counts the sessions in the files, also those that have ended.',
    fails: 'idle',
    file: 'file-store.ts',
    change: [
      [
        '      const sessions = await answered<SessionData[]>((done) => this.all(done))\n      return sessions?.length\n',
        "      const texts = await Promise.all((await this.#files()).map(readText))\n      return texts.filter((text) => parseStored(text ?? '')).length\n",
      ],
    ],
  },
  {
    id: 'all-lists-the-ended',
    says: 'all reads the files without looking whether their sessions have ended.',
    fails: 'idle',
    file: 'file-store.ts',
    change: [
      [
        '        const stored = await this.#read(file)\n        if (stored) sessions',
        "        const stored = parseStored((await readText(file)) ?? '')\n        if (stored) sessions",
      ],
    ],
  },
  {
    id: 'set-does-not-renew',
    says: 'set keeps the time of the last access that is in the file.',
    fails: 'idle',
    file: 'file-store.ts',
    change: [['          lastAccessMs: now,\n', '          lastAccessMs: stored?.lastAccessMs ?? now,\n']],
  },
  {
    id: 'cookie-has-no-end',
    says: 'The end of the cookie does not end the session.',
    fails: 'cookie-expiry',
    file: 'expiry.ts',
    change: [
      [
        'return isUnused || (expires instanceof Date && now >= expires.getTime())',
        'return isUnused || (expires instanceof Date && now < 0)',
      ],
    ],
  },
  {
    id: 'end-is-a-text',
    says: 'The end of the cookie stays a text when it is read, and is no Date to compare.',
    fails: 'cookie-expiry',
    file: 'stored-session.ts',
    change: [['  if (cookie.expires) cookie.expires = new Date(cookie.expires)\n', '']],
  },
  {
    id: 'touch-does-nothing',
    says: 'touch calls back, and renews nothing.',
    fails: 'touch',
    file: 'file-store.ts',
    change: [['        if (!stored) return\n', '        if (!stored || cookie) return\n']],
  },
  {
    id: 'touch-writes-the-session',
    says: 'touch stores the session of its request, which may be older than what is stored.',
    fails: 'touch',
    file: 'file-store.ts',
    change: [
      [
        '  override touch(id: string, { cookie }: SessionData, callback',
        '  override touch(id: string, session: SessionData, callback',
      ],
      [TOUCHED, '          session: asJson(session),\n'],
    ],
  },
  {
    id: 'touch-forgets-the-cookie',
    says: 'touch renews the time, and not the end of the cookie.',
    fails: 'touch',
    file: 'file-store.ts',
    change: [[TOUCHED, '']],
  },
  {
    id: 'created-anew',
    says: 'Every set is a new creation.',
    fails: 'times',
    file: 'file-store.ts',
    change: [['createdMs: stored?.createdMs ?? now', 'createdMs: now']],
  },
  {
    id: 'created-by-touch',
    says: 'touch writes the time of the creation anew, too.',
    fails: 'times',
    file: 'file-store.ts',
    change: [
      [
        '          lastAccessMs: Date.now(),\n',
        '          lastAccessMs: Date.now(),\n          createdMs: Date.now(),\n',
      ],
    ],
  },
  {
    id: 'renewed-by-get',
    says: 'get renews the time of the last access, so the page always shows the request that asks for it.',
    fails: 'times',
    file: 'file-store.ts',
    change: [
      [
        REMEMBERED_AT_GET,
        `${REMEMBERED_AT_GET}      await withLock(this.#file(id), () =>\n        this.#write(this.#file(id), { ...stored, lastAccessMs: Date.now() }),\n      )\n`,
      ],
    ],
  },
  {
    id: 'one-time-shown-twice',
    says: 'The page shows the time of the creation as that of the last access.',
    fails: 'times',
    file: 'pages.ts',
    change: [['time(times.lastAccessMs)', 'time(times.createdMs)']],
  },
  {
    id: 'times-for-people-only',
    says: 'The times are texts, without a <time> element.',
    fails: 'times',
    file: 'pages.ts',
    change: [
      [
        "<time datetime=\"${iso}\">${iso.slice(0, 19).replace('T', ' ')} UTC</time>",
        "${iso.slice(0, 19).replace('T', ' ')} UTC",
      ],
    ],
  },
  {
    id: 'ended-files-stay',
    says: 'A session that has ended is not found any more, but its file stays.',
    fails: 'swept',
    file: 'file-store.ts',
    change: [[ENDED_REMOVED, '    return undefined\n']],
  },
  {
    id: 'never-swept',
    says: 'Only who asks for a session that has ended has its file removed, and most visitors never come back.',
    fails: 'swept',
    file: 'sessions.ts',
    change: [
      ['  sweep(store)\n', ''],
      ['  setInterval(sweep, SWEEP_EVERY_MS, store).unref()\n', ''],
    ],
  },
  {
    id: 'last-writer-wins',
    says: 'set writes the whole session of its request over what is stored.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [[MERGED, 'own']],
  },
  {
    id: 'two-way-merge',
    says: 'What is stored and what the request has are mixed, without knowing what the request has changed.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [[MERGED, 'loaded && stored ? mergeChanges(stored.session, stored.session, own) : own']],
  },
  {
    id: 'nothing-remembered',
    says: 'get does not remember what it has loaded.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [[REMEMBERED_AT_GET, '']],
  },
  {
    id: 'remembers-what-others-stored',
    says: 'After a set, the merged session is remembered as that of the request, which then seems to have deleted the rest.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [
      [
        '        await this.#write(file, {\n          createdMs: stored?.createdMs ?? now,\n          lastAccessMs: now,\n          session: loaded && stored ? mergeChanges(stored.session, loaded, own) : own,\n        })\n      })\n      this.#loaded.remember(id, session, own)\n',
        '        const merged = loaded && stored ? mergeChanges(stored.session, loaded, own) : own\n        await this.#write(file, {\n          createdMs: stored?.createdMs ?? now,\n          lastAccessMs: now,\n          session: merged,\n        })\n        this.#loaded.remember(id, session, merged)\n      })\n',
      ],
    ],
  },
  {
    id: 'own-set-not-remembered',
    says: 'After a set, nothing is remembered: a request that has begun a session and saves it twice writes over what others have stored.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [['      this.#loaded.remember(id, session, own)\n', '']],
  },
  {
    id: 'remembered-when-done',
    says: 'After a set, the session is remembered as it is then: what the request has changed meanwhile looks as if it had been saved.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [
      ['      this.#loaded.remember(id, session, own)\n', '      this.#loaded.remember(id, session)\n'],
    ],
  },
  {
    id: 'json-under-the-lock',
    says: 'set makes the JSON when it has the lock: what the request changes while it waits is stored, without a save.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [
      [OWN, ''],
      [
        '      await withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
        '      await withLock(file, async () => {\n        const own = asJson(session)\n        const stored = await this.#readLocked(file)\n        // It was',
      ],
      [
        '      })\n      this.#loaded.remember(id, session, own)\n',
        '        this.#loaded.remember(id, session, own)\n      })\n',
      ],
    ],
  },
  {
    id: 'object-remembered',
    says: 'get remembers the object itself and no copy: a list that the request adds to looks the same as before.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [[REMEMBERED_AT_GET, '      this.#loaded.remember(id, stored.session, stored.session)\n']],
  },
  {
    id: 'not-handed-on',
    says: 'What was remembered belongs to the object of get, and not to the session that the request works on.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [['    this.#loaded.handOn(data, session)\n', '']],
  },
  {
    id: 'compared-by-identity',
    says: 'Lists and objects are never the same as before, so those of other requests are written over.',
    fails: 'parallel',
    file: 'merge.ts',
    change: [
      [
        '  return JSON.stringify(one) === JSON.stringify(other)\n',
        "  return typeof one !== 'string' && one === other\n",
      ],
    ],
  },
  {
    id: 'first-writer-wins',
    says: 'A property that somebody else has changed meanwhile is left alone.',
    fails: 'parallel',
    file: 'merge.ts',
    change: [
      [
        'if (isSame(before.get(name), after.get(name))) continue',
        'if (isSame(before.get(name), after.get(name)) || !isSame(before.get(name), merged.get(name))) continue',
      ],
    ],
  },
  {
    id: 'no-lock',
    says: 'Requests at once read the same file, and each writes over what the others have written.',
    fails: 'parallel',
    file: 'lock.ts',
    change: [
      ['    await before\n', ''],
      ['    await takeLock(file, owner)\n', ''],
    ],
  },
  {
    id: 'read-before-the-lock',
    says: 'set reads the file before it has the lock.',
    fails: 'parallel',
    file: 'file-store.ts',
    change: [
      [
        '      await withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
        '      const stored = await this.#readLocked(file)\n      await withLock(file, async () => {\n        // It was',
      ],
    ],
  },
  {
    id: 'brought-back-after-its-time',
    says: 'set looks whether the file is there, and not whether its session has ended.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [
      [
        '        const stored = await this.#readLocked(file)\n        // It was',
        "        const stored = parseStored((await readText(file)) ?? '')\n        // It was",
      ],
    ],
  },
  {
    id: 'renewed-after-its-time',
    says: 'touch renews also what has ended and waits to be removed.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [
      [
        '        const stored = await this.#readLocked(file)\n        if (!stored) return\n',
        "        const stored = parseStored((await readText(file)) ?? '')\n        if (!stored) return\n",
      ],
    ],
  },
  {
    id: 'brought-back-after-clear',
    says: 'What was destroyed is noted, and what was cleared is not.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [
      [CLASS, `const destroyed = new Set<string>()\n\n${CLASS}`],
      [NOT_RESURRECTED, '        if (loaded && destroyed.has(file)) return\n'],
      [DESTROYED, `      destroyed.add(file)\n${DESTROYED}`],
      [ENDED_REMOVED, `    destroyed.add(file)\n${ENDED_REMOVED}`],
    ],
  },
  {
    id: 'brought-back-by-set',
    says: 'A request that was there before a session was destroyed stores it again.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [[NOT_RESURRECTED, '']],
  },
  {
    id: 'brought-back-by-touch',
    says: 'touch makes the file when there is none.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [
      [
        '  override touch(id: string, { cookie }: SessionData, callback?: Answer): void {\n',
        '  override touch(id: string, session: SessionData, callback?: Answer): void {\n    const { cookie } = session\n',
      ],
      [
        '        const stored = await this.#readLocked(file)\n        if (!stored) return\n',
        '        const now = Date.now()\n        const stored = (await this.#readLocked(file)) ?? { createdMs: now, lastAccessMs: now, session }\n',
      ],
    ],
  },
  {
    id: 'looked-before-the-lock',
    says: 'set looks whether the session is still there before it has the lock.',
    fails: 'no-resurrection',
    file: 'file-store.ts',
    change: [
      [
        '      await withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
        '      const gone = loaded && (await readText(file)) === undefined\n      await new Promise((resolve) => setTimeout(resolve, 20))\n      await withLock(file, async () => {\n        const stored = await this.#readLocked(file)\n        // It was',
      ],
      [NOT_RESURRECTED, '        if (gone) return\n'],
    ],
  },
  {
    id: 'lock-of-one-process',
    says: 'The lock keeps out only who is in the same process.',
    fails: 'instances',
    file: 'lock.ts',
    change: [['    await takeLock(file, owner)\n', '']],
  },
  {
    id: 'destroyed-in-memory',
    says: 'Which sessions were destroyed is known only to the process that did it.',
    fails: 'instances',
    file: 'file-store.ts',
    change: [
      [CLASS, `const destroyed = new Set<string>()\n\n${CLASS}`],
      [NOT_RESURRECTED, '        if (destroyed.has(file)) return\n'],
      [DESTROYED, `      destroyed.add(file)\n${DESTROYED}`],
      [
        CLEARED,
        CLEARED.replace('        await withLock', '        destroyed.add(file)\n        await withLock'),
      ],
      [ENDED_REMOVED, `    destroyed.add(file)\n${ENDED_REMOVED}`],
    ],
  },
  {
    id: 'lock-taken-away',
    says: 'A lock that somebody has is taken away at once.',
    fails: 'instances',
    file: 'lock.ts',
    change: [['const LOOKS_AT_SAME_OWNER_MAX = 50', 'const LOOKS_AT_SAME_OWNER_MAX = 0']],
  },
  {
    id: 'timeout-or-the-default',
    says: 'A SESSION_TIMEOUT that is no number counts as 1800.',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      ["positiveNumber('SESSION_TIMEOUT', 30 * 60)", 'Number(process.env.SESSION_TIMEOUT) || 30 * 60'],
      ['import { choice, positiveNumber }', 'import { choice }'],
    ],
  },
  {
    id: 'testing-not-looked-up',
    says: 'A SESSION_TESTING that is neither "true" nor "false" counts as "false", and nobody hears of it.',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      ["choice('SESSION_TESTING', booleans, 'false') === 'true'", "process.env.SESSION_TESTING === 'true'"],
    ],
  },
  {
    id: 'any-type',
    says: 'SESSION_TYPE is not looked at.',
    fails: 'options',
    file: 'sessions.ts',
    change: [["  choice('SESSION_TYPE', ['file'], 'file')\n", '']],
  },
  {
    id: 'anything-is-true',
    says: 'Whatever is not "false" counts as "true".',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      [
        "choice('SESSION_EXPIRES', booleans, 'true') === 'true' ?",
        "process.env.SESSION_EXPIRES !== 'false' ?",
      ],
    ],
  },
  {
    id: 'always-expires',
    says: 'SESSION_EXPIRES=false changes nothing.',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      [
        "choice('SESSION_EXPIRES', booleans, 'true') === 'true' ? timeoutSeconds : undefined",
        "choice('SESSION_EXPIRES', booleans, 'true') ? timeoutSeconds : undefined",
      ],
    ],
  },
  {
    id: 'half-an-hour-in-the-code',
    says: 'The limit is half an hour, whatever SESSION_TIMEOUT says.',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      ["positiveNumber('SESSION_TIMEOUT', 30 * 60)", "positiveNumber('SESSION_TIMEOUT', 30 * 60) && 30 * 60"],
    ],
  },
  {
    id: 'an-hour',
    says: 'Without SESSION_TIMEOUT, a session may be unused for an hour.',
    fails: 'options',
    file: 'sessions.ts',
    change: [["('SESSION_TIMEOUT', 30 * 60)", "('SESSION_TIMEOUT', 60 * 60)"]],
  },
  {
    id: 'folder-in-the-code',
    says: 'The folder is the same, whatever SESSION_DATA_DIR says.',
    fails: 'options',
    file: 'sessions.ts',
    change: [
      [
        "process.env.SESSION_DATA_DIR || path.join(dataDir(), '.sessions')",
        "path.join(dataDir(), '.sessions')",
      ],
    ],
  },
  {
    id: 'another-folder',
    says: 'Without SESSION_DATA_DIR, the sessions are in a folder of another name.',
    fails: 'options',
    file: 'sessions.ts',
    change: [["path.join(dataDir(), '.sessions')", "path.join(dataDir(), 'sessions')"]],
  },
  {
    id: 'open-to-anybody',
    says: 'sessionTransaction works without SESSION_TESTING.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [['  if (!sessionSettings().isTesting) {', '  if (!sessionSettings().folder) {']],
  },
  {
    id: 'any-word-is-testing',
    says: 'It is looked only whether SESSION_TESTING is set, and "false" is a text like any other.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [['if (!sessionSettings().isTesting)', 'if (!process.env.SESSION_TESTING)']],
  },
  {
    id: 'ended-id-adopted',
    says: 'When the session of a Cookie header has ended, the new one is said to have its id.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [
      [
        '  else sessions.generate(req)\n',
        '  else {\n    sessions.generate(req)\n    if (id) req.sessionID = id\n  }\n',
      ],
    ],
  },
  {
    id: 'change-not-awaited',
    says: 'The session is saved before the change is done.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [['  await change(req.session)\n', '  void change(req.session)\n']],
  },
  {
    id: 'change-not-saved',
    says: 'The session is changed, and not saved.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [['  if (req.session) await answered((callback) => req.session.save(callback))\n', '']],
  },
  {
    id: 'save-never-told',
    says: 'It waits for a promise that is not resolved when the session is saved.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [
      [
        '  if (req.session) await answered((callback) => req.session.save(callback))\n',
        '  await new Promise<void>(() => req.session.save())\n',
      ],
    ],
  },
  {
    id: 'always-a-new-session',
    says: 'The Cookie header is not looked at.',
    fails: 'transaction',
    file: 'sessions.ts',
    change: [
      [
        "  const id = sessionIdIn(cookieHeader) ?? ''\n",
        "  const id = cookieHeader === 'sid' ? cookieHeader : ''\n",
      ],
    ],
  },
  {
    id: 'header-not-signed',
    says: 'The Cookie header that it gives has the id without a signature.',
    fails: 'transaction',
    file: 'session-cookie.ts',
    change: [['encodeURIComponent(sign(id, sessionSecrets()[0]))', 'encodeURIComponent(id)']],
  },
]
