import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { RunFolder } from '../app/run-folder.ts'
import { root } from '../lab/lab.ts'
import { makeFolder } from '../testing/workbook.ts'
import type { Finding, Property } from './finding.ts'
import { folderStore } from './folder-store.ts'
import { Processes } from './processes.ts'
import * as callbacks from './properties/callbacks.ts'
import * as ending from './properties/ending.ts'
import * as sameTime from './properties/same-time.ts'
import * as storing from './properties/storing.ts'
import * as time from './properties/time.ts'
import * as wholeWrites from './properties/whole-writes.ts'
import type { StoreUnderTest } from './store-under-test.ts'

const EXPRESS_SESSION = pathToFileURL(path.join(root, 'node_modules', 'express-session', 'index.js')).href

const started: Processes[] = []
afterAll(() => Promise.all(started.map((one) => one.close())))

/** A run without a keeper: its processes end with the tests. */
const run = {
  path: '',
  folder: () => makeFolder(),
  own() {},
  ownKey() {},
  close: async () => {},
} as RunFolder

/** A store in a file per session, with some of its methods replaced by these. */
function storeWith(methods: string): StoreUnderTest {
  const folder = makeFolder({
    'store.mjs': `
import fs from 'node:fs'
import session from ${JSON.stringify(EXPRESS_SESSION)}
class Good extends session.Store {
  constructor({ folder, timeoutSeconds }) { super(); this.folder = folder; this.seconds = timeoutSeconds }
  file(id) { return this.folder + '/' + Buffer.from(id).toString('hex') }
  read(file) { try { return JSON.parse(fs.readFileSync(file, 'utf8')) } catch { return null } }
  write(file, session) { fs.writeFileSync(file, JSON.stringify(session)) }
  do(work, done) {
    let [error, result] = [null]
    try { result = work() } catch (thrown) { error = thrown }
    if (done) setImmediate(done, error, result)
  }
  get(id, done) { this.do(() => this.read(this.file(id)), done) }
  set(id, session, done) { this.do(() => this.write(this.file(id), session), done) }
  touch(id, session, done) { this.do(() => {}, done) }
  destroy(id, done) { this.do(() => fs.rmSync(this.file(id), { force: true }), done) }
  all(done) { this.do(() => fs.readdirSync(this.folder).map((name) => this.read(this.folder + '/' + name)), done) }
  length(done) { this.do(() => fs.readdirSync(this.folder).length, done) }
  clear(done) { this.do(() => fs.readdirSync(this.folder).forEach((name) => fs.rmSync(this.folder + '/' + name)), done) }
}
export class FileStore extends Good {
${methods}
}`,
  })
  const processes = new Processes({ run, cwd: folder, dataFolder: makeFolder() })
  started.push(processes)
  let ids = 0
  return folderStore({
    processes,
    module: async () => path.join(folder, 'store.mjs'),
    folder: makeFolder(),
    newId: () => `id-${++ids}`,
  })
}

/** What was found, as one text: 'yes', or what was expected and what came. */
async function found(property: Property, store: StoreUnderTest): Promise<string> {
  const finding: Finding = await property.find(store)
  if (finding.holds === false) return `${finding.expected} ${finding.got}`
  return finding.holds ? 'yes' : finding.because
}

describe.concurrent('what is found out about a store', () => {
  test('that is good: its properties, and none that it has not', async ({ expect }) => {
    const store = storeWith('')
    const { roundTrip, ownCopy, json, cookie, unknownId } = storing
    for (const property of [roundTrip, ownCopy, json, cookie, unknownId]) {
      expect(await found(property, store)).toBe('yes')
    }
    for (const property of [callbacks.once, callbacks.onceOnError, callbacks.optional, callbacks.throwing]) {
      expect(await found(property, store)).toBe('yes')
    }
    for (const property of [ending.destroy, ending.all, ending.length, ending.clear, sameTime.shared]) {
      expect(await found(property, store)).toBe('yes')
    }
    expect(await found(sameTime.bothKept, store)).toMatch(/cake = "apple".* cake is "plum"\.$/)
    expect(await found(sameTime.lateSet, store)).toMatch(/^get\("id-\d+"\) should find no session/)
  })

  test('that calls back twice: how often', async ({ expect }) => {
    const store = storeWith('length(done) { done(null, 1); setTimeout(done, 5, null, 1) }')
    expect(await found(callbacks.once, store)).toBe(
      'length() should call back once, when all goes well. It called back 2 times.',
    )
  })

  test('that calls back before its method has returned: which', async ({ expect }) => {
    const store = storeWith('destroy(id, done) { done() }')
    expect(await found(callbacks.once, store)).toMatch(
      /^destroy\("id-1"\) should call back after it has returned/,
    )
  })

  test('that calls its callback again when that throws: how often', async ({ expect }) => {
    const store = storeWith(
      'clear(done) { setImmediate(() => { try { done() } catch (error) { done(error) } }) }',
    )
    expect(await found(callbacks.once, store)).toBe('yes')
    expect(await found(callbacks.throwing, store)).toMatch(/^clear\(\) should call back once.* 2 times\.$/)
  })

  test('that hangs: which call', async ({ expect }) => {
    const store = storeWith('destroy(id, done) {}')
    expect(await found(ending.destroy, store)).toMatch(/^destroy\("id-1"\) should call back\. It never did/)
  })

  test('that throws: what', async ({ expect }) => {
    const store = storeWith(`get(id, done) { throw new Error('out of paper') }`)
    expect(await found(storing.unknownId, store)).toMatch(/throw nothing\. It threw: out of paper\.$/)
  })

  test('that throws when nobody can catch it: what, and it goes on', async ({ expect }) => {
    const store = storeWith(`async touch(id, session, done) { done(); throw new Error('out of ink') }`)
    expect(await found(callbacks.once, store)).toMatch(/nobody catches.* It left: out of ink\.$/)
    expect(await found(storing.roundTrip, store)).toBe('yes')
  })

  test('that cannot be made: why', async ({ expect }) => {
    const store = storeWith(`constructor(options) { super(options); throw new Error('no folder') }`)
    expect(await found(storing.roundTrip, store)).toMatch(/should make a store\. It threw: no folder$/)
  })

  test('that ends its process: how, and the next one is opened in another', async ({ expect }) => {
    const store = storeWith('clear() { process.exit(3) }')
    expect(await found(ending.clear, store)).toBe(
      'The process in which the store is should go on. It has ended: it ended with code 3.',
    )
    expect(await found(storing.roundTrip, store)).toBe('yes')
  })

  test.each(['5', '"text"', '[1]', 'true'])(
    'that gives something else than a session, %s: that',
    async (value) => {
      const store = storeWith(`get(id, done) { setImmediate(done, null, ${value}) }`)
      expect(await found(storing.roundTrip, store)).toMatch(/There is no text\.$/)
      expect(await found(storing.unknownId, store)).toMatch(/should find no session/)
      expect(await found(storing.cookie, store)).toMatch(
        /should call back without an error|its attributes again/,
      )
    },
  )

  test('that prints without end: that', async ({ expect }) => {
    const store = storeWith(`clear() { for (;;) console.log('x'.repeat(1000)) }`)
    expect(await found(ending.clear, store)).toContain('it printed more than a megabyte')
  })

  test('whose module writes replies of its own: nothing else', async ({ expect }) => {
    const store = storeWith(`
  clear(done) { fs.writeSync(4, 'x\\n{"number":"1"}\\n{"number":99,"result":[]}\\n[]\\nnull\\n'); super.clear(done) }`)
    expect(await found(ending.clear, store)).toBe('yes')
  })

  test.runIf(process.platform !== 'win32')(
    'that writes in place: half a file, on a full disk and after a crash',
    async ({ expect }) => {
      const store = storeWith('')
      expect(await found(wholeWrites.diskFull, store)).toMatch(
        /because the disk had no room.* It finds none\.$/,
      )
      expect(await found(wholeWrites.crash, store)).toMatch(
        /was killed while it set it anew\. It finds none\.$/,
      )
    },
  )

  test('that forgets after a while: when, whatever clock it goes by', async ({ expect }) => {
    const ends = (now: string) => `
  write(file, session) { super.write(file, { ...session, at: ${now} }) }
  read(file) {
    const found = super.read(file)
    if (!found || this.seconds === undefined || ${now} - found.at < this.seconds * 1000) return found
    fs.rmSync(file)
    return null
  }
  all(done) { super.all((error, list) => done(error, list.filter(Boolean))) }
  length(done) { this.all((error, list) => done(error, list.length)) }`
    expect(await found(time.idle, storeWith(ends('Date.now()')))).toBe('yes')
    expect(await found(time.idle, storeWith(ends('Number(process.hrtime.bigint() / 1000000n)')))).toBe('yes')
    expect(await found(time.idle, storeWith(''))).toContain('all() should give no sessions')
  })
})

test('a property that cannot be asked of a store is not asked', async () => {
  const store = { ...storeWith('clear() { process.exit(3) }'), lacks: { clear: 'It is read-only.' } }
  expect(await found(ending.clear, store)).toBe('It is read-only.')
})
