import type { Tab } from '#tests/support/browser.ts'
import type { signInOverHttp } from '#tests/support/product.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

/** Two segments, one of an objective with criteria of every kind. Returns its id. */
export const useSegments = async (person: Person): Promise<number> => {
  await person.get('/segments/new')
  await person.post('/segments', { name: 'Moselle', place: '57', contacted: 'never' })
  await person.post('/segments', {
    name: 'Établissements de la Vallée de la Moselle au site illisible sur téléphone',
    description: 'À relancer après la foire de printemps, avant les congés.',
    mode: 'objective',
    objective: 'modernise',
    sectorWords: 'garage, menuiserie',
    notWords: 'franchise',
    noPublicBodies: '1',
    place: '57, Nancy',
    weakness: 'viewport-missing',
    cms: 'WordPress',
    technology: 'PHP',
    status: 'Nouveau',
    scoreMin: '20',
  })
  const { text } = await person.get('/segments')
  return Number(/href="\/segments\/(\d+)"/.exec(text)?.[1])
}

/** Refused forms of segments, and who is left aside. */
export const segmentStops = (segment: number) => [
  {
    name: 'segment-refused',
    path: '/segments/new',
    act: (tab: Tab) =>
      tab.follow(async () => {
        await tab.page.click('[name=mode][value=objective]')
        await tab.page.$eval('form[action="/segments"]', (form) => (form as HTMLFormElement).submit())
      }),
  },
  {
    name: 'segment-excluded',
    path: `/segments/${segment}`,
    act: (tab: Tab) =>
      tab.follow(() =>
        tab.page.$eval('main form', (element) => {
          const form = element as HTMLFormElement
          const reason = document.createElement('input')
          reason.name = 'reason'
          reason.value = 'no_address'
          form.append(reason)
          form.action = '/audience/excluded'
          form.submit()
        }),
      ),
  },
]
