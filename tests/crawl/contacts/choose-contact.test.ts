import { describe, expect, test } from 'bun:test'
import { email, form, person, phone } from '#tests/support/site-record.ts'
import { chooseContact, type ContactFacts, type KnownContact } from '#src/crawl/contacts/choose-contact.ts'
import { isFreeMail } from '#src/crawl/contacts/free-mail.ts'

const choose = (facts: Partial<ContactFacts>, known: Partial<KnownContact> = {}) =>
  chooseContact(
    { emails: [], people: [], phones: [], forms: [], ...facts },
    {
      email: null,
      phone: null,
      contactName: null,
      editedFields: [],
      contactEmail: null,
      contactPerson: null,
      contactRole: null,
      contactPhone: null,
      ...known,
    },
  )
const kind = (facts: Partial<ContactFacts>) => choose(facts).kind
const contactAt = email('contact@morel.fr', 'role')

describe('what an address is worth', () => {
  test('is decided by who holds it', () => {
    const emails = [email('c.morel@morel.fr', 'person')]
    const heldBy = (over: Parameters<typeof person>[0]) =>
      kind({ emails, people: [person({ email: 'c.morel@morel.fr', ...over })] })
    expect(kind({ emails })).toBe('person')
    expect(heldBy({ email: 'C.Morel@morel.fr' })).toBe('owner')
    expect(heldBy({ roleKind: null, role: 'Présidente' })).toBe('owner')
    expect(heldBy({ roleKind: 'hr', role: 'RH' })).toBe('person')
    expect(kind({ emails: [email('info@morel.fr', 'role')] })).toBe('role')
    expect(kind({ emails: [email('menuiserie.morel@gmail.com', 'person')] })).toBe('free')
  })

  test('is nothing when it leads nowhere', () => {
    expect(kind({ emails: [email('bonjour@agence.fr', 'agency'), email('dpo@cnil.fr', 'thirdparty')] })).toBe(
      'none',
    )
    expect(kind({ emails: [email('no-reply@morel.fr', 'role')] })).toBe('none')
    expect(
      kind({ phones: [phone('+33384000000', { type: 'fax' }), phone('+33899000000', { type: 'premium' })] }),
    ).toBe('none')
    expect(kind({ phones: [phone('+33384000000', { kind: 'agency' })] })).toBe('none')
    expect(
      kind({ forms: [form({ fields: [{ name: 'q', type: 'search' }] }), form({ hasPassword: true })] }),
    ).toBe('none')
    expect(choose({ forms: [form()] })).toMatchObject({ kind: 'form', form: form().pageUrl })
  })

  test('free providers are known under their many endings, and company domains are not taken for them', () => {
    for (const address of ['a@gmail.com', 'a@Yahoo.fr', 'a@hotmail.co.uk', 'a@laposte.net', 'a@live.fr'])
      expect([address, isFreeMail(address)]).toEqual([address, true])
    for (const address of ['a@morel.fr', 'a@orange-menuiserie.fr', 'a@mail.morel.fr', 'a@live.morel.fr'])
      expect([address, isFreeMail(address)]).toEqual([address, false])
  })
})

describe('the choice', () => {
  const owner = person({ name: 'Claire Morel', email: 'claire@morel.fr' })
  const seller = person({ name: 'Luc Petit', role: 'Vendeur', roleKind: 'sales', email: 'luc@morel.fr' })
  const ranked = [
    email('claire@morel.fr', 'person'),
    email('luc@morel.fr', 'person'),
    contactAt,
    email('morel@orange.fr', 'role'),
  ]

  test('goes down from the owner to a phone and a form, wherever they stand', () => {
    const facts = {
      people: [seller, owner],
      phones: [phone('+33384000000')],
      forms: [form()],
    }
    for (let best = 0; best < ranked.length; best++) {
      const emails = ranked.slice(best).toReversed()
      expect(choose({ ...facts, emails }).email).toBe(ranked[best]!.value)
    }
    expect(choose(facts)).toMatchObject({ kind: 'phone', email: null, phone: '+33384000000' })
  })

  test('names the head of a company beside its common address', () => {
    const publisher = person({ role: 'Directeur de la publication', roleKind: 'director' })
    expect(choose({ emails: [contactAt], people: [publisher] })).toMatchObject({
      kind: 'role',
      email: 'contact@morel.fr',
      emailKind: 'role',
      person: 'Claire Morel',
      role: 'Directeur de la publication',
    })
  })

  test('never names someone of the host or of the agency', () => {
    const agency = email('paul@agence.fr', 'agency')
    const people = [
      person({ name: 'Paul Roux', email: 'paul@agence.fr' }),
      person({ name: 'Anne Blanc', role: 'Directrice de la conception du site' }),
      person({ name: 'Jean Noir', role: 'Responsable hébergement' }),
      person({ name: 'Ida Vert', phone: '+33100000000' }),
    ]
    const phones = [phone('+33100000000', { kind: 'agency' })]
    expect(choose({ emails: [contactAt, agency], people, phones })).toMatchObject({
      email: 'contact@morel.fr',
      person: null,
      phone: null,
    })
  })

  test('takes what a person confirmed before what looks better', () => {
    const emails = [email('claire@morel.fr', 'person'), { ...contactAt, confirmed: true }]
    expect(choose({ emails, people: [owner] })).toMatchObject({ email: 'contact@morel.fr', kind: 'role' })
  })

  test('leaves what was edited by hand, an emptied field too', () => {
    const facts = {
      emails: [email('claire@morel.fr', 'person')],
      people: [owner],
      phones: [phone('+33384000000')],
    }
    const edited = {
      editedFields: ['contactEmail', 'contactPerson', 'contactPhone'],
      contactEmail: 'atelier@morel.fr',
      contactPerson: 'Ada Roux',
      contactPhone: '+33611223344',
    }
    expect(choose(facts, edited)).toMatchObject({
      kind: 'role',
      email: 'atelier@morel.fr',
      person: 'Ada Roux',
      phone: '+33611223344',
    })
    expect(choose(facts, { ...edited, contactEmail: 'ada.roux@morel.fr' }).kind).toBe('person')
    expect(choose(facts, { ...edited, contactEmail: null })).toMatchObject({ kind: 'phone', email: null })
  })

  test('does not put one person’s own number beside another, where there is one of the company', () => {
    const mobile = { ...phone('+33611223344', { type: 'mobile' }), confirmed: true }
    const facts = {
      emails: [email('c.morel@morel.fr', 'person')],
      people: [
        person({ email: 'c.morel@morel.fr' }),
        person({ name: 'Ada Roux', email: null, roleKind: 'technical', phone: mobile.value }),
      ],
      phones: [mobile, phone('+33384000000')],
    }
    expect(choose(facts)).toMatchObject({ email: 'c.morel@morel.fr', phone: '+33384000000' })
    expect(choose({ ...facts, phones: [mobile] }).phone).toBe(mobile.value)
  })

  test('falls back on the import, and finds the name in its address', () => {
    const known = { email: 'claire.morel@morel.fr', contactName: 'Claire Morel', phone: '+33384000000' }
    expect(choose({}, known)).toEqual({
      kind: 'person',
      email: 'claire.morel@morel.fr',
      emailKind: 'person',
      person: 'Claire Morel',
      role: null,
      phone: '+33384000000',
      form: null,
    })
    expect(choose({ emails: [contactAt] }, { ...known, email: 'info@morel.fr' }).email).toBe(
      'contact@morel.fr',
    )
  })
})
