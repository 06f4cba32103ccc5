import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

const SENT_WITHIN_MS = 30_000

/** Waits until a rehearsal has sent something, and names one of its recipients; null when it sent nothing. */
export const useResults = async (person: Person, rehearsal: number): Promise<number | null> => {
  const until = Date.now() + SENT_WITHIN_MS
  while (Date.now() < until) {
    const { text } = await person.get(`/campaigns/${rehearsal}?filter=sent`)
    const row = /\/recipients\/(\d+)"/.exec(text.slice(text.indexOf('id="recipients"')))?.[1]
    if (row !== undefined) return Number(row)
    await Bun.sleep(500)
  }
  return null
}

/** The states of a campaign's page and of the reports that have no address of their own. */
export const resultStops = (rehearsal: number, row: number | null) => [
  { name: 'campaign-results', path: `/campaigns/${rehearsal}` },
  { name: 'campaign-nothing-found', path: `/campaigns/${rehearsal}?q=zzzz` },
  ...(row === null
    ? []
    : [{ name: 'campaign-recipient', path: `/campaigns/${rehearsal}/recipients/${row}` }]),
  {
    name: 'campaign-actions',
    path: `/campaigns/${rehearsal}`,
    act: (tab: Tab) => tab.page.click('.page-header [data-bs-toggle=dropdown]'),
  },
  {
    name: 'reports-refused',
    path: '/settings/reports',
    act: async (tab: Tab) => {
      await tab.page.$eval('main [name=times]', (field) => void ((field as HTMLInputElement).value = '25:00'))
      await tab.page.$eval('main [name=to]', (field) => void ((field as HTMLInputElement).value = 'personne'))
      await tab.follow(() =>
        tab.page.$eval('form[action="/settings/reports"]', (form) => (form as HTMLFormElement).submit()),
      )
    },
  },
]
