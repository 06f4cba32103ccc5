import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** The page of somebody whose address was read on a site. */
export const findSubject = async (person: Person): Promise<string> => {
  const { text } = await person.get('/settings/privacy?q=contact')
  const [path] = /\/settings\/privacy\/person\?address=[^"&]+/.exec(text) ?? []
  if (path === undefined) throw new Error('nobody is known whose data could be shown')
  return path
}

/** The pages about personal data that the table of routes does not lead to. `subject`: see findSubject. */
export const privacyStops = (subject: string) => [
  { name: 'privacy-found', path: '/settings/privacy?q=contact' },
  { name: 'privacy-nothing-found', path: '/settings/privacy?q=zzzz' },
  { name: 'privacy-person', path: subject },
  {
    name: 'privacy-erase-refused',
    path: subject,
    act: async (tab: Tab) => {
      await tab.follow(() =>
        tab.page.$eval('form[action="/settings/privacy/person/erase"]', (form) =>
          (form as HTMLFormElement).submit(),
        ),
      )
    },
  },
]
