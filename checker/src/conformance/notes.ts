// Why a store has no property of the table: what its source says. Kept by hand; a cross without a note, or a note
// without a cross, stops `npm run conformance`.

const STORES_THE_WHOLE = '`set` puts the whole session of its request in the place of what is stored'
const ADDS_IF_MISSING = '`set` does not look whether the session is still there'

const MEMORY = 'express-session/session/memory.js'
const MEMORYSTORE = 'memorystore/lib/memorystore.js'
const FILES = 'session-file-store/lib/session-file-helpers.js'
const SQLITE = 'connect-sqlite3/lib/connect-sqlite3.js'
const KNEX = 'connect-session-knex/dist/index.js'
const REDIS = 'connect-redis/dist/connect-redis.js'

/** By the name of the store, then by the id of the property. Files are in node_modules. */
export const notes: Record<string, Record<string, string>> = {
  MemoryStore: {
    'once-on-error': `\`set\` calls JSON.stringify outside of any try, so it throws and does not call back (${MEMORY}).`,
    shared: `The constructor makes an object for the sessions, and that is the only place where they are (${MEMORY}).`,
    'both-kept': `${STORES_THE_WHOLE} (${MEMORY}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${MEMORY}).`,
    'late-set': `${ADDS_IF_MISSING} (${MEMORY}).`,
  },
  memorystore: {
    shared: `The constructor makes an LRU cache for the sessions, and that is the only place where they are (${MEMORYSTORE}).`,
    'both-kept': `${STORES_THE_WHOLE} (${MEMORYSTORE}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${MEMORYSTORE}).`,
    'late-set': `${ADDS_IF_MISSING} (${MEMORYSTORE}).`,
  },
  'session-file-store': {
    'unknown-id': `\`get\` tries again five times and then calls back with the error ENOENT, which express-session takes for "none" (${FILES}).`,
    'odd-ids': `\`sessionPath\` joins the folder and the id as they are, so \`../x\` leads out of the folder (${FILES}).`,
    'once-on-error': `\`set\` catches what the encoder throws, and calls back with it while the call still runs (${FILES}).`,
    optional: `\`clear\` calls its callback without looking whether there is one (${FILES}).`,
    all: 'It has no method `all` (session-file-store/lib/session-file-store.js).',
    'foreign-files': `\`length\` and \`clear\` take every file whose name ends in .json for a session (${FILES}).`,
    damaged: `\`get\` removes a file that is no JSON and calls back with the error; any other JSON it takes for a session (${FILES}).`,
    'disk-full':
      '`writeFileAsync` calls fs.write once and does not look how much was written, so half a session takes the place of the old one (write-file-atomic/index.js, which `set` uses).',
    crash: `Names of unfinished files end in digits, and \`reap\` looks only at those that end in .json (${FILES}, \`list\`).`,
    'both-kept': `${STORES_THE_WHOLE} (${FILES}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${FILES}).`,
    'touch-at-once': `\`touch\` reads the file and writes all of it again, also when it was set in between (${FILES}).`,
    'late-set': `${ADDS_IF_MISSING} (${FILES}).`,
    'shared-both-kept': `${STORES_THE_WHOLE} (${FILES}).`,
    'shared-late-set': `${ADDS_IF_MISSING} (${FILES}).`,
  },
  'connect-sqlite3': {
    once: `\`touch\` calls back while the call still runs, when the cookie has no end (${SQLITE}).`,
    'callback-throws': `\`touch\` calls back while the call still runs, so what the callback throws goes to whoever called \`touch\` (${SQLITE}).`,
    'once-on-error': `\`get\` calls back with the error, goes on, and calls back again; \`all\` and \`length\` go on with rows that are not there (${SQLITE}).`,
    optional: `\`touch\` and \`clear\` call their callback without looking whether there is one (${SQLITE}).`,
    damaged: `\`get\` calls JSON.parse in a callback of the database, where nobody catches what it throws (${SQLITE}).`,
    'no-limit': `\`set\` gives a session whose cookie has no end a day (${SQLITE}).`,
    'cookie-end': `\`all\` and \`length\` take all rows, also those that have ended and wait for the sweep of the day (${SQLITE}).`,
    'both-kept': `${STORES_THE_WHOLE} (${SQLITE}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${SQLITE}).`,
    'late-set': `${ADDS_IF_MISSING} (${SQLITE}).`,
    'shared-both-kept': `${STORES_THE_WHOLE} (${SQLITE}).`,
    'shared-late-set': `${ADDS_IF_MISSING} (${SQLITE}).`,
  },
  'connect-session-knex': {
    'once-on-error': `Every method calls back with the error and then throws it, in a promise that nobody holds (${KNEX}).`,
    'callback-throws': `Every method calls back inside of its try, and calls back again in the catch (${KNEX}).`,
    damaged: `\`get\` calls back with the error of JSON.parse and then throws it, in a promise that nobody holds (${KNEX}).`,
    'disk-full': `\`set\` calls back with the error and then throws it, in a promise that nobody holds (${KNEX}).`,
    'no-limit': `\`set\` gives a session whose cookie has no end a day (${KNEX}).`,
    'changed-meanwhile': `\`set\` waits for its table before it makes the JSON of the session (${KNEX}).`,
    'both-kept': `${STORES_THE_WHOLE} (${KNEX}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${KNEX}).`,
    'late-set': `${ADDS_IF_MISSING} (${KNEX}).`,
    'shared-both-kept': `${STORES_THE_WHOLE} (${KNEX}).`,
    'shared-late-set': `${ADDS_IF_MISSING} (${KNEX}).`,
  },
  'connect-redis': {
    'once-on-error': `\`set\` calls JSON.stringify before its first await, so the error calls back while the call still runs (${REDIS}).`,
    'callback-throws': `Every method calls back inside of its try, and calls back again in the catch (${REDIS}).`,
    damaged: `\`get\` calls back with the error of JSON.parse (${REDIS}).`,
    'both-kept': `${STORES_THE_WHOLE} (${REDIS}).`,
    'deleted-stays': `${STORES_THE_WHOLE} (${REDIS}).`,
    'late-set': `${ADDS_IF_MISSING} (${REDIS}).`,
    'shared-both-kept': `${STORES_THE_WHOLE} (${REDIS}).`,
    'shared-late-set': `${ADDS_IF_MISSING} (${REDIS}).`,
  },
}
