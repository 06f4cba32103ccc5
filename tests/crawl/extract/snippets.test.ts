import { expect, test } from 'bun:test'
import { snippetAround, type PageView } from '#src/crawl/extract/page-view.ts'

const around = (text: string, wanted: string): string => {
  const start = text.indexOf(wanted)
  return snippetAround({ text } as PageView, start, start + wanted.length)
}

test('a snippet begins and ends with whole words', () => {
  const words = Array.from({ length: 60 }, (_, index) => `intracommunautaire${index}`)
  const snippet = around(words.join(' '), 'intracommunautaire30')
  expect(snippet).toContain('intracommunautaire30')
  expect(snippet.length).toBeLessThanOrEqual(200)
  for (const word of snippet.split(' ')) expect(words).toContain(word)
})

test('a snippet of one endless word is cut where it must be', () => {
  const snippet = around(`${'x'.repeat(500)}info@exemple.fr${'y'.repeat(500)}`, 'info@exemple.fr')
  expect(snippet).toMatch(/^x+info@exemple\.fry+$/)
  expect(snippet.length).toBeLessThanOrEqual(200)
})
