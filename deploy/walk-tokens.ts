import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** API tokens as they look after some use: one with everything, one replaced, one revoked, one taken over. */
export const useTokens = async (person: Person): Promise<void> => {
  const scopes = ['companies-read', 'companies-write', 'companies-delete', 'emails-read', 'statistics-read']
  const all = Object.fromEntries(
    [...scopes, 'campaigns-read', 'audits-write'].map((name) => [`scope-${name}`, '1']),
  )
  await person.get('/settings/api')
  await person.post('/settings/api', {
    name: 'Automatisation-de-la-vallée-de-la-Moselle-et-du-Madon-avec-un-nom-très-long',
    ...all,
    expires: '2099-12-31',
    networks: '203.0.113.0/24, 2001:db8:1234:5678::/64',
    origins: 'https://une-application-au-nom-interminable.exemple.fr',
    app_url: `https://une-application.exemple.fr/${'chemin-'.repeat(12)}`,
  })
  await person.post('/settings/api', { name: 'Application mobile', 'scope-companies-read': '1' })
  await person.post('/settings/api', { name: 'Ancien CRM', 'scope-emails-read': '1' })
  await person.post('/settings/api/2/rotate', { overlap: '24' })
  await person.post('/settings/api/3/revoke', {})
  await person.post('/settings/api/import', {
    old_name: 'App de l’ancien produit',
    old_token: 'a1'.repeat(32),
    can_read_entreprises: '1',
    with_writes: '1',
  })
}

type Send = (tab: Tab, form: string) => Promise<unknown>

/** The page when something typed is wrong, and when a token has just been made. */
export const tokenStops = (send: Send) => [
  {
    name: 'settings-api-refused',
    path: '/settings/api',
    act: async (tab: Tab) => {
      await tab.page.$eval(
        '[name=networks]',
        (field) => void ((field as HTMLInputElement).value = 'nulle part'),
      )
      await tab.page.$eval('[name=name]', (field) => void ((field as HTMLInputElement).value = 'CRM'))
      await tab.page.$eval(
        '[name=scope-emails-read]',
        (box) => void ((box as HTMLInputElement).checked = true),
      )
      await send(tab, 'form[action="/settings/api"]')
    },
  },
  {
    name: 'settings-api-made',
    path: '/settings/api',
    act: async (tab: Tab) => {
      await tab.page.$eval('[name=name]', (field) => void ((field as HTMLInputElement).value = 'CRM'))
      await tab.page.$eval(
        '[name=scope-emails-read]',
        (box) => void ((box as HTMLInputElement).checked = true),
      )
      await send(tab, 'form[action="/settings/api"]')
    },
  },
]
