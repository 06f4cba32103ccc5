import { expect, test } from 'bun:test'
import { proveName } from '#src/crawl/contacts/prove-name.ts'

const site = (value: string) => ({
  openGraph: [
    {
      property: 'og:site_name',
      value,
      pageUrl: 'https://leger.fr/',
      method: 'meta',
      snippet: '',
      confidence: 1,
    },
  ],
})
const company = {
  name: 'leger.fr',
  siteKey: 'leger.fr',
  address1: null,
  postalCode: '57000',
  city: null,
  editedFields: [] as string[],
}

test('a company added by its address takes the name its site gives itself', () => {
  expect(proveName(site(' Garage\n Léger '), company)).toEqual({
    name: 'Garage Léger',
    nameKey: 'garage leger||57000',
  })
})

test('a name from a list or from a hand is never replaced', () => {
  expect(proveName(site('Autre'), { ...company, name: 'Garage Léger' })).toEqual({})
  expect(proveName(site('Autre'), { ...company, editedFields: ['name'] })).toEqual({})
  expect(proveName(site('  '), company)).toEqual({})
})
