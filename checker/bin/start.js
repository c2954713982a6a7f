// Says in one sentence what is missing before anything else is loaded: a newer Node, or the build.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Loads the compiled command-line program `checker/src/cli/NAME.ts` and runs it. */
export function start(name) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19) || (major === 22 && minor < 12)) {
    console.error(
      `Session Labs needs Node 20.19, 22.12 or newer; this is Node ${process.versions.node}. Get one at https://nodejs.org`,
    )
    process.exit(3)
  }
  const program = new URL(`../dist/src/cli/${name}.js`, import.meta.url)
  if (!existsSync(fileURLToPath(program))) {
    console.error('Session Labs is not built yet. Run: npm ci')
    process.exit(3)
  }
  // For picocolors, any FORCE_COLOR means colours; for Node and most programs, 0 means none.
  if (process.env.FORCE_COLOR === '0') process.env.NO_COLOR = '1'
  // Whoever reads may stop, as `head` does: no reason for a stack, and no verdict either.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(141)
  })
  import(program.href)
}
