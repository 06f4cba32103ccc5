import { expect, test } from 'bun:test'
import { email, form, person, phone } from '#tests/support/site-record.ts'
import { bestContact, isFreeMail, type ContactFacts } from '#src/scoring/best-contact.ts'
import { stateOfFailure, stateOfPages } from '#src/scoring/site-state.ts'
import { page } from '#tests/support/site-record.ts'

const kind = (facts: Partial<ContactFacts>) =>
  bestContact({ emails: [], people: [], phones: [], forms: [], ...facts }).kind

test('who holds an address decides what it is worth', () => {
  const emails = [email('c.morel@morel.fr', 'person')]
  expect(kind({ emails })).toBe('person')
  expect(kind({ emails, people: [person({ email: 'C.Morel@morel.fr' })] })).toBe('owner')
  expect(
    kind({ emails, people: [person({ email: 'c.morel@morel.fr', roleKind: null, role: 'Présidente' })] }),
  ).toBe('owner')
  expect(kind({ emails, people: [person({ email: 'c.morel@morel.fr', roleKind: 'hr', role: 'RH' })] })).toBe(
    'person',
  )
  expect(kind({ emails: [email('info@morel.fr', 'role')] })).toBe('role')
  expect(kind({ emails: [email('menuiserie.morel@gmail.com', 'person')] })).toBe('free')
})

test('what leads nowhere is no contact', () => {
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
  expect(kind({ forms: [form()] })).toBe('form')
})

test('the best of several is taken, wherever it stands', () => {
  const emails = [
    email('x@orange.fr', 'role'),
    email('noreply@morel.fr', 'role'),
    email('contact@morel.fr', 'role'),
  ]
  const best = bestContact({ emails, people: [], phones: [phone('+33384000000')], forms: [] })
  expect(best).toEqual({ kind: 'role', evidence: 'contact@morel.fr', phone: '+33384000000' })
})

test('free providers are known under their many endings, and company domains are not taken for them', () => {
  for (const address of [
    'a@gmail.com',
    'a@Yahoo.fr',
    'a@hotmail.co.uk',
    'a@laposte.net',
    'a@wanadoo.fr',
    'a@live.fr',
  ])
    expect([address, isFreeMail(address)]).toEqual([address, true])
  for (const address of ['a@morel.fr', 'a@orange-menuiserie.fr', 'a@mail.morel.fr', 'a@live.morel.fr'])
    expect([address, isFreeMail(address)]).toEqual([address, false])
})

test('a refusal says nothing about a site, an error of its own does', () => {
  expect(stateOfPages([page({ status: 403 })]).state).toBe('unread')
  expect(stateOfPages([page({ status: 500 })]).state).toBe('unreachable')
  expect(stateOfPages([page({ contentType: 'application/pdf' })]).state).toBe('unread')
  expect(stateOfPages([page({ status: 404 }), page({ url: 'https://a.fr/fr', depth: 1 })]).state).toBe('read')
  expect(stateOfPages([]).state).toBe('unreachable')
  expect(stateOfFailure('timeout', '').state).toBe('unreachable')
  expect(stateOfFailure('robots', '').state).toBe('unread')
})
