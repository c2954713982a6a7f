// The command line of `npm run docs`: builds the site, or serves it and builds it again at every save.
import path from 'node:path'
import { Command } from 'commander'
import { runProgram } from '../../checker/src/cli/program.ts'
import { root, shownPath } from '../../checker/src/lab/lab.ts'
import { count } from '../../checker/src/render/words.ts'
import { build } from './build.ts'
import { serve } from './serve.ts'

interface Flags {
  out: string
  student?: boolean
  serve?: boolean
  port: string
}

const program = new Command('docs')
  .description('Builds the documentation site from the chapters, docs/pages and the checker.')
  .option('--student', 'leave the instructor part out')
  .option('--serve', 'serve the site on this machine, and build it again at every save')
  .option('--port <number>', 'port to serve on; the next free one if it is taken', '8000')
  .option('--out <folder>', 'where the site goes', path.join(root, 'docs', 'dist'))
  .action(async ({ out, student = false, serve: served, port }: Flags) => {
    const outFolder = path.resolve(out)
    if (served) return serve({ outFolder, student, port: Number(port) })
    const { pages, notices, faults } = await build({ outFolder, student })
    for (const notice of notices) console.log(`note: ${notice}`)
    for (const fault of faults) console.error(fault)
    if (faults.length > 0) {
      console.error(`\n${count(faults.length, 'fault')}, so nothing was written.`)
      process.exitCode = 1
    } else {
      // Since the process began, so that loading is counted, too.
      const seconds = (performance.now() / 1000).toFixed(2)
      console.log(`${count(pages, 'page')} in ${seconds} s: ${shownPath(path.join(outFolder, 'index.html'))}`)
    }
  })

await runProgram(program)
