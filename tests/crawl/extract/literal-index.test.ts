import { describe, expect, test } from 'bun:test'
import { createLiteralIndex } from '#src/crawl/extract/literal-index.ts'

const LITERALS = ['gtag(', 'fbq(', 'gtm.start', "fbq('init'", 'ɡtag', 'ab']
const index = createLiteralIndex(LITERALS)
const positions = (text: string): number[] => [...(index.firstIn(text) ?? LITERALS.map(() => -1))]

describe('an index of literals', () => {
  test('finds of each what indexOf finds, whatever the text', () => {
    const texts = [
      '',
      'a',
      'ab',
      "x gtag('js'); fbq('init', 1); gtag('config'); ab",
      "fbq('track'); fbq('init')",
      'gtagtag(gtm.startgtag(',
      'un texte — « ɡtag » — gtm.start',
      'rien de tout cela',
      'fbq',
    ]
    for (const text of texts) expect(positions(text)).toEqual(LITERALS.map((one) => text.indexOf(one)))
  })

  test('says at once that none is there', () => {
    index.firstIn('gtag(')
    expect(index.firstIn('var a = 1')).toBeNull()
  })
})
