import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

const REACHABLE = 12

export type WalkCampaigns = { draft: number; variant: number; rehearsal: number }

const first = {
  subject: 'Le site de {{ entreprise }} sur les téléphones',
  html: '<p>{{ salutation }}</p><p>Le site de <strong>{{ entreprise }}</strong> s’affiche mal : <a href="https://agence.example/vu">voir</a>.</p>',
  text: '',
  do: 'stay',
}

// Their domains are asked of no name server, so that there is somebody to write to wherever the walk is taken.
const addReachable = async (person: Person) => {
  await person.get('/companies/new')
  for (let index = 1; index <= REACHABLE; index++)
    await person.post('/companies/new', {
      name: `Atelier du Pont ${index}`,
      email: `contact@atelier-du-pont-${index}.fr`,
      city: 'Metz',
    })
}

/** A draft with a follow-up and two versions, and a rehearsal of it. */
export const useCampaigns = async (person: Person): Promise<WalkCampaigns> => {
  await addReachable(person)
  await person.get('/settings/mail/new')
  await person.post('/settings/mail', {
    label: 'Agence de la Vallée',
    senderName: 'Jeanne Durand-Lefèvre',
    senderAddress: 'jeanne@agence.example',
    organisation: 'Agence de la Vallée',
    contactLine: '3 rue des Artisans, 57000 Metz',
    host: '127.0.0.1',
    port: '25',
    tls: 'none',
    perDay: '40',
  })
  const { location } = await person.post('/campaigns', {
    name: 'Sites illisibles sur téléphone – Établissements de la Vallée de la Moselle',
  })
  const path = location.replace(/\/audience$/, '')
  const write = async (target: string, more: Record<string, string> = {}) =>
    void (await person.post(target, { ...first, ...more }))
  const variants = async () => {
    const { text } = await person.get(`${path}/messages`)
    return [...new Set([...text.matchAll(/\/campaigns\/\d+\/messages\/\d+(?=")/g)].map(([one]) => one))]
  }
  const [one = ''] = await variants()
  await write(one)
  await person.post(`${path}/steps`)
  for (const other of await variants()) if (other !== one) await write(other, { subject: 'Ma question' })
  const step = /steps\/(\d+)\/variants/.exec((await person.get(`${path}/messages`)).text)?.[1]
  const second = await person.post(`${path}/steps/${step}/variants`)
  await write(second.location, { subject: 'Une question sur votre site', weight: '2' })
  const { text } = await person.get(`${path}/schedule`)
  await person.post(`${path}/schedule`, {
    accountIds: /name="accountIds" value="(\d+)"/.exec(text)?.[1] ?? '',
    when: 'now',
    freshnessDays: '30',
    timeZone: 'Europe/Paris',
  })
  const rehearsal = await person.post(`${path}/rehearse`)
  const idOf = (address: string) => Number(/\/campaigns\/(\d+)$/.exec(address)?.[1] ?? 0)
  const draft = idOf(path)
  const rehearsed = idOf(rehearsal.location)
  if (rehearsed === 0 || rehearsed === draft) {
    const { text: why } = await person.get(`${path}/check`)
    throw new Error(`the rehearsal did not start: ${why.replaceAll(/<[^>]+>|\s+/g, ' ')}`)
  }
  return {
    draft,
    variant: Number(one.split('/').at(-1)),
    rehearsal: rehearsed,
  }
}

const submit = (tab: Tab, form: string) =>
  tab.follow(() => tab.page.$eval(form, (element) => (element as HTMLFormElement).submit()))
const setValues = async (tab: Tab, values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values))
    await tab.page.$eval(
      `main [name="${name}"]`,
      (field, text) => void ((field as HTMLInputElement).value = text),
      value,
    )
}

/** The states of the pages of a draft that its list of addresses does not lead to. */
export const campaignStops = ({ draft, variant }: WalkCampaigns) => {
  const path = `/campaigns/${draft}`
  return [
    { name: 'campaign-message', path: `${path}/messages/${variant}` },
    {
      name: 'campaign-message-refused',
      path: `${path}/messages/${variant}`,
      act: async (tab: Tab) => {
        await setValues(tab, { subject: '', html: '<p>{{ inconnu }}</p>' })
        await submit(tab, `form[action="${path}/messages/${variant}"]`)
      },
    },
    {
      name: 'campaign-audience-refused',
      path: `${path}/audience`,
      act: async (tab: Tab) => {
        await setValues(tab, { name: '' })
        await submit(tab, `form[action="${path}/audience"]`)
      },
    },
    {
      name: 'campaign-schedule-refused',
      path: `${path}/schedule`,
      act: async (tab: Tab) => {
        await setValues(tab, { freshnessDays: '999' })
        await tab.page.$eval(
          'main [name=accountIds]',
          (box) => void ((box as HTMLInputElement).checked = false),
        )
        await tab.page.$eval(
          'main [name=when][value=at]',
          (box) => void ((box as HTMLInputElement).checked = true),
        )
        await submit(tab, `form[action="${path}/schedule"]`)
      },
    },
  ]
}
