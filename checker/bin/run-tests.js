// Runs test files that a student wrote with vitest, in a process of its own: the caller sets limits on time and output.
// Its argument is a folder; each folder in that has test files, and they run in the order of the folders' names.
// As soon as a file has ended, its outcome goes as a line of JSON to file descriptor 3.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startVitest } from 'vitest/node'

// A test runs in a child of this process: it could send this signal, and Node would answer with an open inspector.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {})

const REPORT_FD = 3
const root = process.argv[2]
const beside = (name) => fileURLToPath(new URL(name, import.meta.url))

function report(module, errors) {
  const tests = [...module.children.allTests()].map((test) => {
    const { state, errors = [] } = test.result()
    return { name: test.fullName, state, message: errors[0]?.message }
  })
  const file = path.relative(root, module.moduleId)
  fs.writeSync(REPORT_FD, `${JSON.stringify({ file, tests, errors })}\n`)
}

const reporter = {
  onTestModuleEnd(module) {
    report(
      module,
      module.errors().map(({ message }) => message),
    )
  },
  onTestRunEnd(modules) {
    const unfinished = modules.filter((module) => ['pending', 'queued'].includes(module.state()))
    for (const module of unfinished) report(module, ['their process ended before them'])
  },
}

class InOrderOfNames {
  sort = (files) => files.sort((one, other) => (one.moduleId < other.moduleId ? -1 : 1))
  shard = (files) => files
}

const vitest = await startVitest(
  'test',
  [],
  {
    root,
    config: false,
    watch: false,
    cache: false,
    include: ['*/*.test.js'],
    // The folder is below node_modules, which vitest would leave out and load by itself.
    exclude: [],
    server: { deps: { inline: [/\.test\.js$/] } },
    reporters: [reporter],
    sequence: { sequencer: InOrderOfNames },
    setupFiles: [beside('test-setup.js')],
    runner: beside('test-runner.js'),
    // What the app needs is loaded once. Isolated files take twice as long.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    // A promise that nobody waits for is no verdict.
    dangerouslyIgnoreUnhandledErrors: true,
    // What the tests print comes out at once, where the caller counts it.
    disableConsoleIntercept: true,
    testTimeout: 5_000,
    hookTimeout: 5_000,
    teardownTimeout: 1_000,
  },
  { configFile: false, cacheDir: path.join(root, 'cache') },
)
await vitest.close()
// A test may have left a server open.
process.exit()
