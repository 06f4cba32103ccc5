import { expect, test } from 'bun:test'
import { findExpressions } from '#src/lib/liquid-expressions.ts'
import { htmlTokens } from '#src/mail/html-tokens.ts'
import { showsTail } from '#src/mail/shows-tail.ts'

const LENGTH = 250_000

// With time that grows by the square of the length, any of them takes longer than a test may.
test.each([
  '{',
  '{{',
  '{{"',
  `{{'"`,
  '{% ',
  '{% if a %}<p>',
  '<',
  '<a ',
  '<a "',
  '<!',
  '<!--[if-->',
  '<style>',
  '<style>a{',
  '<style>a,b::x ',
  '<div>',
  '<p style="left:-',
  '<p a',
])('what is made of %s alone is read in time that grows with its length', (piece) => {
  const hostile = piece.repeat(LENGTH / piece.length)
  showsTail(hostile)
  showsTail(`${hostile}${'</b>'.repeat(LENGTH / 4)}`)
  expect([...htmlTokens(hostile)].map(({ source }) => source).join('')).toBe(hostile)
})

test('hiding rules by the thousand, and conditions a hundred deep, count as hiding', () => {
  expect(showsTail(`<style>${'.a{display:none}'.repeat(3_000)}</style><p>Bonjour</p>`)).toBe(false)
  expect(showsTail(`${'{% if a %}'.repeat(100)}Bonjour${'{% endif %}'.repeat(100)}`)).toBe(false)
  expect(showsTail(`${'{% if a %}'.repeat(20)}Bonjour${'{% endif %}'.repeat(20)}`)).toBe(true)
})

test('expressions end outside of quotes, what never ends is none', () => {
  const text = `a {{ "}}" | x }} {{ ' {{ b }} {%- if c == '%}' -%} {% %} {{ d`
  expect(findExpressions(text).map(({ source, tag }) => [source, tag])).toEqual([
    ['{{ "}}" | x }}', null],
    ['{{ b }}', null],
    [`{%- if c == '%}' -%}`, 'if'],
    ['{% %}', ''],
  ])
})
