// Lab 7 in a real browser: all that a visitor and an editor do, without a cookie and with no token in a URL.
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Locator, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath, noBrowser, openBrowser } from '../../../docs/build/testing/browser.ts'
import { type App, openApp } from '../../../solutions/07-cookie-free/app.ts'
import type { Settings } from '../../../solutions/07-cookie-free/settings.ts'

const THANKS = 'Thank you.'
const NINJA = 'Somebody replied while you were writing.'
const HUMAN = 'Are you human?'

describe.skipIf(!browserPath)(`lab 7 in a browser${browserPath ? '' : ` (skipped: ${noBrowser})`}`, () => {
  let browser: Browser
  let app: App
  let url: string
  /** The app's clock stands still, so that "too fast" is no matter of this machine. */
  let nowMs = Date.UTC(2030, 0, 1)
  const contexts: BrowserContext[] = []
  const tokens = new Set<string>()
  /** Where a token must not be: the URLs of all requests, and what a Referer says. */
  const shown: string[] = []
  const setCookies: string[] = []
  const troubles: string[] = []

  beforeAll(async () => {
    browser = await openBrowser()
    const settings: Partial<Settings> = { now: () => nowMs, withExamples: true, quarantineVotes: 2 }
    app = await openApp(settings)
    const server = app.handler.listen(0, '127.0.0.1')
    await new Promise((listening) => server.once('listening', listening))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return () => {
      server.close()
      server.closeAllConnections()
    }
  })

  afterAll(async () => {
    await browser?.close()
    await app?.close()
  })

  async function watch(response: Response): Promise<void> {
    const request = response.request()
    shown.push(request.url(), (await request.allHeaders()).referer ?? '')
    const { 'set-cookie': cookie } = await response.allHeaders()
    if (cookie !== undefined) setCookies.push(cookie)
    if (!request.url().includes('/api/')) return
    const { token } = await response.json()
    if (token !== undefined) tokens.add(token)
  }

  /** Somebody new, who has opened the page. */
  async function visit(): Promise<Page> {
    const context = await browser.newContext()
    contexts.push(context)
    const page = await context.newPage()
    page.on('response', (response) => void watch(response).catch((error) => troubles.push(String(error))))
    page.on('pageerror', (error) => troubles.push(String(error)))
    page.on('console', (message) => {
      // Chromium says this of each status from 400 on.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
        troubles.push(message.text())
    })
    await page.goto(url)
    await library(page).waitFor()
    return page
  }

  const reflection = (page: Page, title: string) =>
    page
      .locator('#reflections section')
      .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
  const library = (page: Page) => reflection(page, 'The library')
  const row = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

  async function expectText(place: Locator, text: string): Promise<void> {
    await place.filter({ hasText: text }).waitFor({ timeout: 5000 })
  }

  async function reply(page: Page, text: string): Promise<void> {
    await library(page).getByLabel('Your reply').fill(text)
    await library(page).getByRole('button', { name: 'Reply' }).click()
  }

  const outcome = (page: Page) => library(page).locator('.outcome')

  async function answerCaptcha(page: Page): Promise<void> {
    const captcha = library(page).locator('.captcha')
    await captcha.waitFor()
    const [one = 0, two = 0] = ((await captcha.innerText()).match(/\d+/g) ?? []).map(Number)
    await captcha.getByRole('textbox').fill(String(one + two))
    await captcha.getByRole('button').click()
  }

  test('visitors read, reply, vote, and are asked whether they are human', async () => {
    const [ada, grace] = [await visit(), await visit()]
    await expectText(reflection(ada, 'The ferryman').locator('.outcome'), 'closed')
    expect(await reflection(ada, 'The ferryman').getByRole('textbox').count()).toBe(0)

    await reply(ada, 'It does.')
    await expectText(outcome(ada), THANKS)
    await reply(grace, 'It <b>does</b> not.')
    await expectText(outcome(grace), NINJA)
    await row(grace, 'It does.').waitFor()
    nowMs += 60_000
    await library(grace).getByRole('button', { name: 'Reply' }).click()
    await expectText(outcome(grace), THANKS)
    await row(grace, 'It <b>does</b> not.').waitFor()

    nowMs += 60_000
    await ada.reload()
    await reply(ada, 'Or both?')
    await expectText(outcome(ada), HUMAN)
    nowMs += 60_000
    await answerCaptcha(ada)
    await expectText(outcome(ada), THANKS)

    nowMs += 60_000
    await row(ada, 'It <b>does</b> not.').getByRole('button', { name: 'Agree', exact: true }).click()
    await expectText(row(ada, 'It <b>does</b> not.'), 'Votes: 1')
    await row(ada, 'It does.').getByRole('button', { name: 'Agree', exact: true }).click()
    await expectText(outcome(ada), HUMAN)
    await answerCaptcha(ada)
    await expectText(row(ada, 'It does.'), 'Votes: 1')
  })

  test('an editor logs in, publishes, and releases what votes have hidden', async () => {
    const visitors = [await visit(), await visit()]
    for (const page of visitors) await row(page, 'Or both?').getByRole('button', { name: 'Disagree' }).click()
    await expectText(row(visitors[1] as Page, 'Or both?'), 'Hidden')

    const editor = await visit()
    await editor.getByLabel('Password').fill('wrong')
    await editor.getByRole('button', { name: 'Log in' }).click()
    await expectText(editor.locator('#status'), 'That is not the password.')
    await editor.getByLabel('Password').fill(app.settings.adminPassword)
    await editor.getByRole('button', { name: 'Log in' }).click()
    await expectText(editor.locator('#status'), 'Done.')
    await row(editor, 'Hidden: Or both?').getByRole('button', { name: 'Release' }).click()
    await expectText(library(editor).locator('li').filter({ hasText: 'Or both?' }), 'Votes: 0')

    await editor.getByLabel('Title').fill('The arrow')
    await editor.getByLabel('Text').fill('Does it move?')
    await editor.getByLabel('Publish').fill('2020-01-01T00:00')
    await editor.getByRole('button', { name: 'Publish', exact: true }).click()
    await reflection(editor, 'The arrow').waitFor()
    await row(editor, 'The ferryman').getByRole('button', { name: 'Publish now' }).click()
    await expectText(editor.locator('#reflections section').first(), 'The ferryman')

    const copy = await tokenOf(editor)
    await editor.getByRole('button', { name: 'End my session' }).click()
    await expectText(editor.locator('#status'), 'Your session has ended.')
    expect(await tokenOf(editor)).toBeNull()
    const answer = await editor.request.post(`${url}/api/admin/teasers`, { data: { token: copy } })
    expect(answer.status()).toBe(401)
  })

  test('there was no cookie, and no token in a URL, a Referer or the history', async () => {
    for (const context of contexts) {
      expect(await context.cookies()).toEqual([])
      for (const page of context.pages()) {
        shown.push(page.url(), await page.evaluate('document.referrer'))
        expect(await page.evaluate('document.cookie')).toBe('')
        // about:blank and the page: no action has added an entry.
        expect(await page.evaluate('history.length')).toBe(2)
      }
    }
    expect(setCookies).toEqual([])
    expect(tokens.size).toBeGreaterThan(20)
    expect(shown.filter((text) => [...tokens].some((token) => text.includes(token)))).toEqual([])
    expect(troubles).toEqual([])
  })
})

function tokenOf(page: Page): Promise<unknown> {
  return page.evaluate("localStorage.getItem('session-labs-07-token')")
}
