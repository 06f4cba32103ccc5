import { expect, test } from 'bun:test'
import { rateEmails } from '#src/crawl/contacts/rate-emails.ts'
import type { EmailFact, PersonFact } from '#src/crawl/site-record.ts'

const from = { pageUrl: 'https://www.maison-klein.fr/', snippet: '', confidence: 0.95 }
const email = (value: string, kind: EmailFact['kind'] = 'role', method = 'mailto'): EmailFact => ({
  ...from,
  value,
  kind,
  method,
})
const owner: PersonFact = {
  ...from,
  method: 'card',
  name: 'Paul Klein',
  role: 'Gérant',
  roleKind: 'owner',
  email: 'paul@maison-klein.fr',
  phone: null,
  linkedin: null,
}
const rated = async (
  emails: EmailFact[],
  mx: (domain: string) => boolean | null = () => true,
  suggested: EmailFact[] = [],
) =>
  rateEmails({ emails, suggestedEmails: suggested, people: [owner] }, 'www.maison-klein.fr', async (domain) =>
    mx(domain),
  )

test('the address of a decision-maker is worth most, then of a person, a department, a free provider', async () => {
  const { emails } = await rated([
    email('paul@maison-klein.fr', 'person'),
    email('anne@maison-klein.fr', 'person'),
    email('contact@maison-klein.fr'),
    email('maison.klein@orange.fr'),
  ])
  const qualities = emails.map((one) => one.quality!)
  expect(qualities).toEqual(qualities.toSorted((a, b) => b - a))
  expect(new Set(qualities).size).toBe(4)
  expect(emails[0]).toMatchObject({
    person: 'Paul Klein',
    free: false,
    disposable: false,
    mx: true,
    quality: 98,
  })
  expect(emails[0]!.reasons).toEqual(['own_domain', 'decider', 'clear_source', 'mx_ok'])
  expect(emails[3]).toMatchObject({ free: true, person: null })
})

test.each<[string, EmailFact, boolean | null, string, number]>([
  ['a domain without mail', email('contact@maison-klein.fr'), false, 'mx_missing', 5],
  ['a disposable address', email('x@yopmail.com'), true, 'disposable', 5],
  ['the agency', email('hello@studio.fr', 'agency'), true, 'agency', 10],
  ['a third party', email('cm2c@cm2c.net', 'thirdparty'), true, 'third_party', 10],
  ['an address nobody reads', email('no-reply@maison-klein.fr'), true, 'unread', 10],
])('%s is worth next to nothing, whatever else is true', async (_, fact, mx, reason, most) => {
  const { emails } = await rated([fact], () => mx)
  expect(emails[0]!.quality).toBeLessThanOrEqual(most)
  expect(emails[0]!.reasons).toContain(reason as 'agency')
})

test('what could not be checked is said so, and is neither good nor bad', async () => {
  const { emails } = await rated([email('contact@maison-klein.fr')], () => null)
  expect(emails[0]!.mx).toBeNull()
  expect(emails[0]!.reasons).toContain('mx_unchecked')
})

test('addresses of others are not asked about, and a suggestion is never worth as much as a fact', async () => {
  const asked: string[] = []
  const { suggestedEmails } = await rated(
    [email('hello@studio.fr', 'agency'), email('contact@maison-klein.fr')],
    (domain) => (asked.push(domain), true),
    [{ ...email('anne.klein@maison-klein.fr', 'person', 'pattern first.last'), confidence: 0.65 }],
  )
  expect(asked).toEqual(['maison-klein.fr'])
  expect(suggestedEmails[0]!.quality).toBeLessThanOrEqual(45)
})
