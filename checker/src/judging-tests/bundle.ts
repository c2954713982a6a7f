// Makes one file each of an app and of a test file, so that the tests can run beside any app.
import { builtinModules } from 'node:module'
import path from 'node:path'
import { type BuildOptions, build, type Message, type Plugin } from 'esbuild'
import { compileTrouble, kit } from '../app/compile.ts'
import { located, OWN_LOCATION, ownFiles } from '../app/own-files.ts'
import { shownPath } from '../lab/lab.ts'

/** What a test file imports its app from: the compiled app lies beside it. */
export const APP_FILE = 'app.js'

const shared: BuildOptions = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'silent',
  // Given here, so that no tsconfig.json of the submission is read.
  tsconfigRaw: {},
  define: OWN_LOCATION,
}

export interface AppSource {
  /** The folder of the app.ts. */
  folder: string
  /** A file of the folder, and the text that stands in place of its own. */
  changed?: { file: string; text: string }
}

/** Compiles the app.ts of a folder, with all that it imports, into one text. @throws StartTrouble */
export function bundleApp({ folder, changed }: AppSource): Promise<string> {
  const change: Plugin = {
    name: 'change',
    setup(build) {
      build.onLoad({ filter: /./ }, ({ path: file }) =>
        changed && file === path.join(folder, changed.file) ? located(file, changed.text) : undefined,
      )
    },
  }
  return compiled(folder, {
    entryPoints: [path.join(folder, 'app.ts')],
    packages: 'external',
    plugins: [kit, change, ownFiles([folder])],
  })
}

export interface TestFile {
  /** The test file. */
  entry: string
  /** What `./session-helper.ts` is to it. */
  helper: string
  /** Names of files that only one of the apps has, so no test may import them. */
  ofTheApp: string[]
}

/**
 * Compiles a test file into text that expects a compiled app beside it.
 * @throws StartTrouble when it does not compile, or imports what not every app has
 */
export function bundleTests(tests: TestFile): Promise<string> {
  return compiled(path.dirname(tests.entry), {
    entryPoints: [tests.entry],
    plugins: [
      onlyWhatTestsMayImport(tests),
      ownFiles([path.dirname(tests.entry), path.dirname(tests.helper)]),
    ],
  })
}

async function compiled(folder: string, options: BuildOptions): Promise<string> {
  try {
    const result = await build({ ...shared, absWorkingDir: folder, ...options })
    return result.outputFiles?.[0]?.text ?? ''
  } catch (error) {
    const [first] = (error as { errors?: Message[] }).errors ?? []
    if (!first) throw error
    throw compileTrouble(first, folder)
  }
}

function onlyWhatTestsMayImport({ helper, ofTheApp }: TestFile): Plugin {
  return {
    name: 'only-what-tests-may-import',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path: name, importer, kind }) => {
        if (kind === 'entry-point') return undefined
        if (name === 'vitest' || name.startsWith('node:') || builtinModules.includes(name)) {
          return { path: name, external: true }
        }
        const file = path.basename(name)
        if (name.startsWith('.') && file === 'app.ts') return { path: `./${APP_FILE}`, external: true }
        if (file === path.basename(helper) && importer !== helper) return { path: helper }
        if (name.startsWith('.') && !ofTheApp.includes(file)) return undefined
        const text = `${shownPath(importer)} imports "${name}". Tests run with other apps, too: they may import ./app.ts, ./session-helper.ts and vitest only.`
        return { errors: [{ text }] }
      })
    },
  }
}
