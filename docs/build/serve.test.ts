import { spawn } from 'node:child_process'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ProjectCopy } from './testing/project.ts'

const project = new ProjectCopy()
const cli = path.join(project.root, 'docs', 'build', 'cli.ts')
const server = spawn(process.execPath, ['--import', 'tsx', cli, '--serve', '--port', '8400'], {
  cwd: project.root,
  stdio: ['ignore', 'pipe', 'inherit'],
})

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('close', resolve))
  server.kill()
  await ended
  project.remove()
})

test('the site is served, and built again when a source is saved', async () => {
  const address = await new Promise<string>((resolve) => {
    server.stdout.on('data', (chunk) => {
      const found = /http:\/\/localhost:\d+/.exec(String(chunk))
      if (found) resolve(found[0].replace('localhost', '127.0.0.1'))
    })
  })
  const page = await fetch(`${address}/glossary/`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain("new EventSource('/reload')")
  expect((await fetch(`${address}/nothing`)).status).toBe(404)
  expect((await fetch(`${address}/..%2f..%2fpackage.json`)).status).toBe(404)

  const reloads = await fetch(`${address}/reload`)
  const reader = reloads.body?.getReader()
  await reader?.read()
  project.append('docs/pages/glossary.md', '\nA sentence that was added.\n')
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('data: built')
  await reader?.cancel()
  expect(await (await fetch(`${address}/glossary/`)).text()).toContain('A sentence that was added.')
})
