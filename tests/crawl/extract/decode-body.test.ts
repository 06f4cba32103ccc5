import { expect, test } from 'bun:test'
import { decodeBody } from '#src/crawl/extract/decode-body.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

test('Latin letters and wide ones, whole and cut ones, marked and unmarked ones are read alike', () => {
  for (const text of ['', 'Contact', 'Hélène Noël, 8 000 ¥ © ÿ', 'l’été à 5 €', 'Łódź – 日本 😀'])
    expect(decodeBody(utf8(text), 'text/html; charset=utf-8')).toEqual({ text, charset: 'utf-8' })
  expect(decodeBody(utf8('café').subarray(0, 4), null)).toEqual({ text: 'caf', charset: 'utf-8' })
  expect(decodeBody(utf8('\ufeffcafé'), null)).toEqual({ text: 'café', charset: 'utf-8' })
})

test('what only looks like UTF-8 is read as older editors wrote it', () => {
  const old = (...bytes: number[]) => decodeBody(new Uint8Array(bytes), null)
  expect(old(0x63, 0x61, 0x66, 0xe9, 0x20)).toEqual({ text: 'café ', charset: 'windows-1252' })
  expect(old(0xc3, 0x41, 0x20)).toEqual({ text: 'ÃA ', charset: 'windows-1252' })
  expect(old(0xc0, 0x80, 0x20).charset).toBe('windows-1252')
})
