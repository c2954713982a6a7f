// Compiles a submission once into a single file, and says in the student's terms when it does not compile.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { build, type Location, type Message, type Plugin, stop, transform } from 'esbuild'
import { entryOf, root, shownPath } from '../lab/lab.ts'
import { findNoFile, OUTSIDE, OWN_LOCATION, ownFiles, ownLocationOf, ownText } from './own-files.ts'
import { StartTrouble } from './trouble.ts'

/** It takes a tenth of a second. Generous, for slow machines. */
const COMPILE_DEADLINE_MS = 60_000

export interface Compiled {
  /** The file to run; written only if there was a folder for it. */
  bundle: string
  /** The submission's own source files, by path, without the kit and packages. */
  sources: string[]
  /** All of them as one text, as they were compiled: a running app can change its files. */
  text: string
}

/**
 * Compiles `server.ts` of the folder, with all that it imports from there, into `outFolder`; without one, only tries.
 * Packages stay imports: the compiled file finds them in the repository's node_modules, never in the submission's.
 * @param entry another file of the folder to begin with, which has to be there
 * @throws UsageError without a server.ts; StartTrouble when it does not compile
 */
export async function compile(
  folder: string,
  outFolder?: string,
  entry = entryOf(folder),
): Promise<Compiled> {
  const bundle = path.join(outFolder ?? folder, `${path.basename(entry, '.ts')}.mjs`)
  const noFile = findNoFile(folder)
  if (noFile) throw compileTrouble({ text: `${shownPath(noFile)} is not a regular file` } as Message, folder)
  const texts = new Map<string, string>()
  try {
    const building = build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile: bundle,
      write: outFolder !== undefined,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      sourcesContent: false,
      metafile: true,
      logLevel: 'silent',
      // Given here, so that no tsconfig.json of the submission is read.
      tsconfigRaw: {},
      plugins: [kit, ownFiles([folder], texts)],
      define: OWN_LOCATION,
    })
    const result = await inTime(building, folder)
    await compileUnused(folder, Object.keys(result.metafile.inputs))
    const sources = Object.keys(result.metafile.inputs)
      .map((input) => path.resolve(folder, input))
      .filter((file) => !file.startsWith(path.join(root, 'labs', 'kit')))
    return { bundle, sources, text: sources.map((file) => texts.get(file) ?? '').join('\n') }
  } catch (error) {
    const [first] = (error as { errors?: Message[] }).errors ?? []
    if (!first) throw error
    throw compileTrouble(first, folder)
  }
}

/** A mistake in a file that nothing imports yet would otherwise show only steps later. */
async function compileUnused(folder: string, inputs: string[]): Promise<void> {
  const used = new Set(inputs.map((input) => path.resolve(folder, input)))
  const names = readdirSync(folder).filter((name) => /(?<!\.d|\.test)\.ts$/.test(name))
  for (const file of names.map((name) => path.join(folder, name))) {
    const text = used.has(file) ? undefined : ownText(file)
    if (text === undefined) continue
    const sourcefile = path.relative(folder, file)
    await transform(text, {
      loader: 'ts',
      sourcefile,
      logLevel: 'silent',
      tsconfigRaw: {},
    })
  }
}

/** Whatever keeps the compiler, no run waits for it for ever. @throws StartTrouble when the time is over */
async function inTime<Result>(building: Promise<Result>, folder: string): Promise<Result> {
  building.catch(() => {})
  let deadline: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => {
      stop()
      const text = `it takes more than ${COMPILE_DEADLINE_MS / 1000} seconds`
      reject(compileTrouble({ text } as Message, folder))
    }, COMPILE_DEADLINE_MS)
  })
  try {
    return await Promise.race([building, late])
  } finally {
    clearTimeout(deadline)
  }
}

/** `#kit/…` is the repository's labs/kit, wherever the submission lies. */
export const kit: Plugin = {
  name: 'kit',
  setup(build) {
    build.onResolve({ filter: /^#kit\// }, ({ path: name }) => {
      const file = path.join(root, 'labs', 'kit', name.slice('#kit/'.length))
      return existsSync(file) ? { path: file } : { errors: [{ text: `Could not resolve "${name}"` }] }
    })
  },
}

/** What esbuild says, in the student's terms. */
export function compileTrouble(message: Message, folder: string): StartTrouble {
  const where = message.location && asWritten(message.location, folder)
  const place = where
    ? `${shownPath(path.resolve(folder, where.file))}, line ${where.line}`
    : shownPath(folder)
  const detail = where
    ? [place, `${String(where.line).padStart(5)} | ${where.lineText}`, `${' '.repeat(5)} | ${carets(where)}`]
    : []
  return new StartTrouble(
    'compile',
    `Your code does not compile: ${message.text}`,
    detail,
    message.text.startsWith(OUTSIDE)
      ? 'Copy what you need into your folder: only what is there is your work.'
      : isImport(message)
        ? 'Is the name spelled as in the file that it comes from? Paths end in .ts, and begin with ./ for a file beside this one.'
        : 'Mend that line. When it looks right, look at the lines above it: a bracket or a quote may be open.',
  )
}

/** The place in the first line without what the plugin above puts before it. */
function asWritten(where: Location, folder: string): Location {
  const added = ownLocationOf(path.resolve(folder, where.file))
  if (where.line !== 1 || !where.lineText.startsWith(added)) return where
  const { column, lineText } = where
  return { ...where, column: column - Buffer.byteLength(added), lineText: lineText.slice(added.length) }
}

function isImport({ text }: Message): boolean {
  return text.startsWith('Could not resolve') || text.startsWith('No matching export')
}

/** Carets under the place. Esbuild counts in bytes; a tab stays one, so that both lines are set alike. */
function carets({ lineText, column, length }: Location): string {
  const line = Buffer.from(lineText)
  const before = line.subarray(0, column).toString()
  const marked = line.subarray(column, column + length).toString()
  return before.replace(/[^\t]/g, ' ') + '^'.repeat(Math.max(1, marked.length))
}
