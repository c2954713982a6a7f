// Serves the site on this machine only, builds it again when a source is saved, and reloads the pages that are open.
import { spawn } from 'node:child_process'
import { createReadStream, statSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { watch } from 'chokidar'
import { root } from '../../checker/src/lab/lab.ts'
import { choosePort } from '../../checker/src/serve/choose-port.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** Editors save in several steps; what comes within this time is one save. */
const SETTLE_MS = 60

/** Only while serving: the built files know nothing of this. */
const RELOAD = "<script>new EventSource('/reload').onmessage = () => location.reload()</script>"

interface ServeOptions {
  outFolder: string
  student: boolean
  port: number
}

/** Never ends by itself. */
export async function serve({ outFolder, student, port: preferred }: ServeOptions): Promise<void> {
  const open = new Set<ServerResponse>()
  const buildOnce = () => buildInOwnProcess(outFolder, student)
  await buildOnce()
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost')
    if (pathname === '/reload') {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      res.write(':\n\n')
      open.add(res)
      req.on('close', () => open.delete(res))
    } else sendFile(res, outFolder, pathname)
  })
  const { port } = await choosePort(preferred)
  server.listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}  (Ctrl-C ends it)`))
  let timer: NodeJS.Timeout | undefined
  watch(
    ['labs', 'solutions', 'checker', 'docs'].map((name) => path.join(root, name)),
    {
      ignoreInitial: true,
      ignored: (file) => /node_modules|[/\\](?:dist|\.data)(?:[/\\]|$)/.test(path.relative(root, file)),
    },
  ).on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      if (!(await buildOnce())) return
      for (const res of open) res.write('data: built\n\n')
    }, SETTLE_MS)
  })
}

/** A process of its own reads every source anew, modules included. */
function buildInOwnProcess(outFolder: string, student: boolean): Promise<boolean> {
  const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
  const args = ['--import', 'tsx', cli, '--out', outFolder, ...(student ? ['--student'] : [])]
  return new Promise((resolve) => {
    spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }).on('close', (code) => resolve(code === 0))
  })
}

function sendFile(res: ServerResponse, folder: string, pathname: string): void {
  const inner = decodeURIComponent(pathname)
  let file = path.join(folder, inner)
  const relative = path.relative(folder, file)
  let found = relative.startsWith('..') ? undefined : statSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) {
    if (!inner.endsWith('/')) {
      res.writeHead(301, { Location: `${pathname}/` }).end()
      return
    }
    file = path.join(file, 'index.html')
    found = statSync(file, { throwIfNoEntry: false })
  }
  if (!found?.isFile()) {
    res.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('There is no such page.\n')
    return
  }
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
  res.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  const stream = createReadStream(file)
  if (!type.startsWith('text/html')) {
    stream.pipe(res)
    return
  }
  stream.pipe(res, { end: false })
  stream.on('end', () => res.end(RELOAD))
}
