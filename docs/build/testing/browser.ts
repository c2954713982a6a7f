// A real browser for tests; where there is none, they are skipped and say why.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

/** Undefined when there is none: set CHROMIUM to the path of one. */
export const browserPath = PLACES.find((place) => place !== '' && existsSync(place))

export const noBrowser = 'no Chromium found; set CHROMIUM to its path'

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    // So that the browser itself has no business in the network either.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
