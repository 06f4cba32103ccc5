import { expect, test } from 'bun:test'
import { highlight } from '#templates/crawl/highlight.ts'
import { visible } from '#templates/html.ts'

test.each([
  ['Écrire à paul [at] klein [dot] fr, merci', ['paul@klein.fr'], 'paul [at] klein [dot] fr'],
  ['Écrire à paul arobase klein point fr', ['paul@klein.fr'], 'paul arobase klein point fr'],
  ['Tél. : +33 (0)3 87 00 00 01 (standard)', ['+33387000001'], '+33 (0)3 87 00 00 01'],
  ['appelez le 03.87.00.00.01', ['+33387000001'], '03.87.00.00.01'],
  ['SIRET : 732 829 320 00074', ['73282932000074'], '732 829 320 00074'],
  ['N° TVA FR 44 732829320', ['FR44732829320'], 'FR 44 732829320'],
  ['La gérante, Élodie MARCHAND-LE GOFF', ['Élodie Marchand-Le Goff'], 'Élodie MARCHAND-LE GOFF'],
  ['rien de tel ici', ['paul@klein.fr'], null],
  ['(a+)+$ .* [', ['(a+)+$'], 'a'],
  ['', [''], null],
] as const)('in "%s" the value is found as it is written there', (snippet, needles, found) => {
  expect(highlight(snippet, needles).found).toBe(found)
})

test('a snippet without end is cut around its value', () => {
  const { before, found, after } = highlight(`${'x '.repeat(1_500)}paul@klein.fr${' y'.repeat(1_500)}`, [
    'paul@klein.fr',
  ])
  expect(found).toBe('paul@klein.fr')
  expect(before.length).toBeLessThan(110)
  expect(after.length).toBeLessThan(310)
})

test('characters that turn a line around or hide are left out', () => {
  expect(visible('moc.\u202elive\u200b@\u2066a\u0007')).toBe('moc.live@a')
})
