// The built site in a real browser, opened from files: what it loads, whether everybody can use it, what the search finds.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath, noBrowser, openBrowser } from './testing/browser.ts'
import { ProjectCopy } from './testing/project.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CHAPTER = 'labs/03-session-table/index.html'

/** Raw HTML in several places of a chapter, and links that would run a script. */
const HOSTILE = `
<script>window.ran = 'block'</script>

Text with <img src=x onerror="window.ran = 'image'"> and <svg onload="window.ran = 'svg'"></svg> inside.

<div onclick="x"><iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe></div>

- <details open ontoggle="window.ran = 'details'">in a list</details>

| <script>window.ran = 'head'</script> | b |
|---|---|
| \`<script>window.ran = 'code'</script>\` | <style>body { display: none }</style> |

\`\`\`mermaid
sequenceDiagram
    A->>B: <script>window.ran = 'diagram'</script>
\`\`\`

\`\`\`html
<script>window.ran = 'fence'</script>
\`\`\`
`

describe.skipIf(!browserPath)(`the site in a browser${browserPath ? '' : ` (skipped: ${noBrowser})`}`, () => {
  const project = new ProjectCopy()
  let browser: Browser
  let addresses: string[] = []
  const urlOf = (address: string) => pathToFileURL(path.join(project.outFolder, address)).href

  beforeAll(async () => {
    expect((await project.build()).exitCode).toBe(0)
    browser = await openBrowser()
    const page = await browser.newPage()
    await page.goto(urlOf('index.html'))
    addresses = await page.evaluate(
      "[...document.querySelectorAll('nav.site a')].map((link) => link.getAttribute('href'))",
    )
    addresses.unshift('index.html')
    await page.close()
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    project.remove()
  })

  async function withPage(
    options: Parameters<Browser['newContext']>[0],
    use: (page: Page, context: BrowserContext) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext(options)
    try {
      await use(await context.newPage(), context)
    } finally {
      await context.close()
    }
  }

  test('no page loads anything from elsewhere, or has an error', async () => {
    await withPage({}, async (page) => {
      const elsewhere: string[] = []
      const errors: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith('file:') && !request.url().startsWith('data:'))
          elsewhere.push(request.url())
      })
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('requestfailed', (request) => errors.push(request.url()))
      for (const address of addresses) {
        await page.goto(urlOf(address))
        await page.keyboard.press('/')
        await page.waitForFunction('window.searchEntries !== undefined')
      }
      expect(addresses.length).toBeGreaterThan(15)
      expect(elsewhere).toEqual([])
      expect(errors).toEqual([])
    })
  }, 180_000)

  test('axe finds nothing wrong on any page, in light and dark', async () => {
    await withPage({}, async (page) => {
      const found: string[] = []
      for (const address of addresses) {
        await page.goto(urlOf(address))
        // What is folded away is read, too.
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        await page.evaluate(AXE)
        for (const [colorScheme, width] of [
          ['light', 1280],
          ['dark', 1280],
          ['dark', 360],
        ] as const) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 900 })
          const { violations } = (await page.evaluate(
            "axe.run({ resultTypes: ['violations'] })",
          )) as AxeResults
          for (const { id, nodes } of violations)
            found.push(`${address}, ${colorScheme}: ${id}: ${nodes[0]?.html}`)
        }
      }
      expect(found).toEqual([])
    })
  }, 300_000)

  test('no page is wider than its window, from a phone to a projector', async () => {
    for (const width of [360, 800, 1280, 1920]) {
      await withPage({ viewport: { width, height: 900 } }, async (page) => {
        for (const address of addresses) {
          await page.goto(urlOf(address))
          const wide = await page.evaluate('document.documentElement.scrollWidth')
          expect(wide, `${address} at ${width}`).toBeLessThanOrEqual(width)
        }
      })
    }
  }, 180_000)

  test('the search finds words of every kind, with the keyboard alone', async () => {
    await withPage({}, async (page) => {
      await page.goto(urlOf(CHAPTER))
      for (const word of ['fixation', 'SameSite', 'HAProxy']) {
        await page.keyboard.press('/')
        await page.locator('#search-text').fill(word)
        await page.locator('#search-results a').first().waitFor()
        expect(await page.locator('#search-results a').first().textContent()).toMatch(new RegExp(word, 'i'))
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        await page.waitForFunction("!document.getElementById('search').open")
        expect(await page.locator('main').textContent()).toMatch(new RegExp(word, 'i'))
      }
    })
  })

  test('the chosen theme stays, and commands are copied without their prompt', async () => {
    await withPage({ colorScheme: 'light' }, async (page, context) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.goto(urlOf(CHAPTER))
      await page.getByRole('button', { name: 'Switch to dark colours' }).click()
      await page.reload()
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
      await page.getByRole('button', { name: 'Copy the command: npm run lab 3' }).click()
      await page.getByText('Copied', { exact: true }).waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe('npm run lab 3')
    })
  })

  test('raw HTML in a chapter is shown, and does not run', async () => {
    project.append('labs/03-session-table/README.md', HOSTILE)
    expect((await project.build()).output).toMatch(/\d+ pages/)
    await withPage({}, async (page) => {
      for (const address of [CHAPTER, 'index.html']) {
        await page.goto(urlOf(address))
        await page.keyboard.press('/')
        await page.waitForFunction('window.searchEntries !== undefined')
        await page.locator('#search-text').fill('script')
        await page.locator('#search-results a').first().waitFor()
        expect(await page.evaluate('window.ran')).toBeUndefined()
      }
      await page.goto(urlOf(CHAPTER))
      expect(
        await page.locator('article script, article iframe, article style, article [onclick]').count(),
      ).toBe(0)
      expect(await page.locator('article').textContent()).toContain("<script>window.ran = 'block'</script>")
    })
  })
})
