import { expect } from 'bun:test'
import type { ContractCase, World } from './contract-case.ts'
import { givenCompany, givenFact } from './given-company.ts'

const NOBODY = 2_147_483_646
const unknown = (endpoint: string, path: string): ContractCase => ({
  endpoint,
  name: 'a company that is not there is not found',
  status: 404,
  request: { path },
})
const asked = (endpoint: string, path: string, name: string): ContractCase => ({
  endpoint,
  name,
  status: 400,
  request: { path },
})

const withContacts = async ({ sql }: World, host: string, phone = '+33387001122'): Promise<number> => {
  const id = await givenCompany(sql, {
    email: `Contact@${host}`,
    contact_email: `claire@${host}`,
    phone: '03 87 00 99 88',
    phone_e164: '+33387009988',
  })
  const email = { kind: 'role', free: false, mx: true, quality: 80 }
  await givenFact(sql, id, { kind: 'email', value: `contact@${host}`, data: email })
  await givenFact(sql, id, {
    kind: 'email',
    value: `claire@${host}`,
    data: { ...email, kind: 'person', person: 'Claire DUPONT' },
  })
  await givenFact(sql, id, { kind: 'phone', value: phone, data: { raw: '03.87.00.11.22', type: 'fixed' } })
  return id
}

export const contactCases: ContractCase[] = [
  {
    endpoint: 'get /entreprises/by-email',
    name: 'an address found on the site, with all of them',
    status: 200,
    arrange: async (world) => void (await withContacts(world, 'par-mail.example')),
    request: { path: '/entreprises/by-email?email=CLAIRE@par-mail.example&include_emails=1' },
    expect: ({ data }) => {
      expect(data.match).toMatchObject({
        source: 'scraper',
        email: 'claire@par-mail.example',
        is_person: true,
        person: { full_name: 'Claire DUPONT', first_name: 'Claire', last_name: 'DUPONT' },
      })
      expect(data.emails_count).toBe(2)
    },
  },
  asked('get /entreprises/by-email', '/entreprises/by-email', 'an address is asked for'),
  unknown('get /entreprises/by-email', '/entreprises/by-email?email=personne@rien.example'),
  {
    endpoint: 'get /entreprises/by-phone',
    name: 'a number found on the site, with all of them',
    status: 200,
    arrange: async (world) => void (await withContacts(world, 'par-tel.example', '+33387554433')),
    request: { path: '/entreprises/by-phone?phone=0033%20387%2055%2044%2033&include_phones=true' },
    expect: ({ data }) => {
      expect(data.match).toMatchObject({ source: 'scraper', phone_e164: '+33387554433' })
      expect(data.phones_count).toBe(2)
    },
  },
  asked('get /entreprises/by-phone', '/entreprises/by-phone?phone=abc', 'what is no number is refused'),
  unknown('get /entreprises/by-phone', '/entreprises/by-phone?phone=0199999999'),
  {
    endpoint: 'get /entreprises/:id/emails',
    name: 'addresses found on the site',
    status: 200,
    request: async (world) => ({ path: `/entreprises/${await withContacts(world, 'mails.example')}/emails` }),
    expect: (body) => {
      expect(body.count).toBe(2)
      expect(body.data[1]).toMatchObject({ email: 'claire@mails.example', nom: 'Claire DUPONT' })
    },
  },
  unknown('get /entreprises/:id/emails', `/entreprises/${NOBODY}/emails`),
  {
    endpoint: 'get /entreprises/:id/emails/all',
    name: 'the main address first, each once whatever its case',
    status: 200,
    request: async (world) => ({
      path: `/entreprises/${await withContacts(world, 'tous.example')}/emails/all`,
    }),
    expect: ({ data }) =>
      expect(data).toMatchObject([
        { email: 'claire@tous.example', source: 'principal', is_person: true },
        { email: 'Contact@tous.example', source: 'principal', analysis: { mx_valid: true, risk_score: 20 } },
      ]),
  },
  unknown('get /entreprises/:id/emails/all', `/entreprises/${NOBODY}/emails/all`),
  {
    endpoint: 'get /entreprises/:id/phones',
    name: 'the main number first',
    status: 200,
    request: async (world) => ({ path: `/entreprises/${await withContacts(world, 'tels.example')}/phones` }),
    expect: ({ data }) =>
      expect(data).toMatchObject([
        { phone: '03 87 00 99 88', source: 'principal', phone_e164: '+33387009988' },
        { phone: '03.87.00.11.22', source: 'scraper', line_type: 'fixed' },
      ]),
  },
  unknown('get /entreprises/:id/phones', `/entreprises/${NOBODY}/phones`),
  {
    endpoint: 'get /emails',
    name: 'addresses of one company, newest first',
    status: 200,
    request: async (world) => ({
      path: `/emails?entreprise_id=${await withContacts(world, 'liste.example')}&limit=1`,
    }),
    expect: (body) => {
      expect(body.data).toMatchObject([{ email: 'claire@liste.example', entreprise_nom: 'Garage Léger' }])
      expect(body.next_cursor).toBeString()
    },
  },
  asked('get /emails', '/emails?cursor=moi', 'a cursor that no list gave out is refused'),
]
