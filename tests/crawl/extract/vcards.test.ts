import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (text: string) =>
  parsedAt('https://www.maison-klein.fr/paul.vcf', text, {
    headers: { 'content-type': 'text/vcard; charset=utf-8' },
  }).facts

test('a business card tells the person, the role, the address and the numbers', () => {
  const { people, emails, phones } = factsOf(
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'N:Klein;Paul;;M.;',
      'FN:Paul Klein',
      'TITLE:Gérant',
      'ORG:Maison Klein\\, SARL',
      'TEL;TYPE=WORK,VOICE:03 87 11 22 33',
      'TEL;TYPE=CELL:+33 6 70 11 22 33',
      'TEL;TYPE=WORK,FAX:03 87 11 22 34',
      'item1.EMAIL;TYPE=INTERNET:paul@maison-',
      ' klein.fr',
      'END:VCARD',
    ].join('\r\n'),
  )
  expect(
    people.map(({ name, role, roleKind, email, phone }) => [name, role, roleKind, email, phone]),
  ).toEqual([['Paul Klein', 'Gérant', 'owner', 'paul@maison-klein.fr', '+33670112233']])
  expect(emails.map(({ value, kind, method }) => [value, kind, method])).toEqual([
    ['paul@maison-klein.fr', 'person', 'vcard'],
  ])
  expect(phones.map(({ value, type }) => `${value} ${type}`)).toEqual([
    '+33387112233 fixed',
    '+33670112233 mobile',
    '+33387112234 fax',
  ])
})

test('an old card in quoted-printable, of a company without a person, and rubbish', () => {
  const old = factsOf(
    'BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:H=C3=A9l=C3=A8ne Weiss\nEMAIL:contact@maison-klein.fr\nEND:VCARD\nBEGIN:VCARD\nFN:Maison Klein\nEMAIL:x\nEND:VCARD',
  )
  expect(old.people.map(({ name }) => name)).toEqual(['Hélène Weiss'])
  expect(old.emails.map(({ value }) => value)).toEqual(['contact@maison-klein.fr'])
  expect(factsOf('BEGIN:VCARD\u0000\n:::\n;;;').emails).toEqual([])
})
