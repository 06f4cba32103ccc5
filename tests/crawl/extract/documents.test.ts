import { expect, test } from 'bun:test'
import { deflateSync } from 'node:zlib'
import { isDocument } from '#src/crawl/extract/documents.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'
import { readPdf } from '#src/crawl/extract/pdf-text.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'latin1'))
const read = (body: Uint8Array<ArrayBuffer>, path: string, type: string) =>
  parsedAt(`https://maison-klein.fr${path}`, body, { headers: { 'content-type': type }, today: '2026-11-22' })

const stream = (dictionary: string, data: string): string =>
  `<< ${dictionary} /Length ${data.length} >>\nstream\n${data}\nendstream`
const packed = (data: string): string => deflateSync(Buffer.from(data, 'latin1')).toString('latin1')
const pdfOf = (objects: Record<number, string>): Uint8Array<ArrayBuffer> =>
  bytes(
    `%PDF-1.5\n${Object.entries(objects)
      .map(([number, text]) => `${number} 0 obj\n${text}\nendobj\n`)
      .join('')}trailer << /Root 1 0 R >>\n%%EOF`,
  )
const page = '<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>'
const plainFont = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'

test('the text of a PDF gives contacts that say where they come from', () => {
  const content =
    'BT /F1 12 Tf 50 700 Td (Maison Klein \\226 d\\351coration) Tj 0 -20 Td [(cont) 20 (act@maison-) -10 (klein.fr)] TJ 0 -20 Td (T\\351l. : 03 87 11 22 33) Tj ET'
  const pdf = pdfOf({ 3: page, 4: stream('/Filter /FlateDecode', packed(content)), 5: plainFont })
  expect(isDocument(pdf)).toBe(true)
  expect(readPdf(pdf)?.lines).toEqual([
    'Maison Klein – décoration',
    'contact@maison-klein.fr',
    'Tél. : 03 87 11 22 33',
  ])
  const { emails, phones } = read(pdf, '/plaquette.pdf', 'application/pdf').facts
  expect(emails).toMatchObject([
    { value: 'contact@maison-klein.fr', method: 'pdf', pageUrl: 'https://maison-klein.fr/plaquette.pdf' },
  ])
  expect(phones).toMatchObject([{ value: '+33387112233', method: 'pdf' }])
})

test('composite fonts are read by their own table, objects in packed streams are found, links are kept', () => {
  const table =
    'beginbfrange <0001> <001A> <0061> endbfrange beginbfchar <0040> <0040> <0041> <002E> endbfchar'
  const code = (text: string): string =>
    [...text]
      .map((sign) => (sign === '@' ? 0x40 : sign === '.' ? 0x41 : sign.charCodeAt(0) - 96))
      .map((number) => number.toString(16).padStart(4, '0'))
      .join('')
  const content = `BT /F1 10 Tf 1 0 0 1 40 500 Tm <${code('info@klein.fr')}> Tj ET`
  const inner = [
    '<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>',
    '<< /S /URI /URI (mailto:devis@klein.fr) >>',
  ]
  const head = `5 0 7 ${inner[0]!.length + 1} `
  const pdf = pdfOf({
    3: page,
    4: stream('/Filter /FlateDecode', packed(content)),
    6: stream('', table),
    8: stream(
      `/Type /ObjStm /N 2 /First ${head.length} /Filter /FlateDecode`,
      packed(`${head}${inner.join(' ')}`),
    ),
  })
  expect(readPdf(pdf)).toEqual({ lines: ['info@klein.fr'], links: ['mailto:devis@klein.fr'] })
})

test('a locked PDF tells nothing, and a bomb unpacks no further than its bound', () => {
  expect(readPdf(bytes('%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << /Encrypt 9 0 R >>'))).toBeNull()
  const bomb = packed('(a) Tj '.repeat(8_000_000))
  const started = performance.now()
  const pdf = pdfOf({ 3: page, 4: stream('/Filter /FlateDecode', bomb), 5: plainFont })
  expect(readPdf(pdf)!.lines.join('').length).toBeLessThan(300_000)
  expect(readPdf(bytes(`%PDF-1.4 ${'1 0 obj << '.repeat(50_000)}`))!.lines).toEqual([])
  expect(
    readPdf(bytes(`%PDF-1.4 3 0 obj ${page} endobj 4 0 obj << >> stream\n${'('.repeat(200_000)}`)),
  ).not.toBeNull()
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('a feed names its editor and the day of its newest entry; machines are nobody', () => {
  const feed = bytes(
    `<?xml version="1.0"?><rss version="2.0"><channel><managingEditor>odile@maison-klein.fr (Odile)</managingEditor>
     <webMaster>noreply@maison-klein.fr</webMaster><lastBuildDate>Sun, 22 Nov 2026 09:00:00 +0000</lastBuildDate>
     <item><pubDate>Tue, 12 Sep 2023 18:00:00 +0200</pubDate></item><item><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item></channel></rss>`,
  )
  expect(isDocument(feed)).toBe(true)
  const { emails, features } = read(feed, '/feed', 'application/rss+xml').facts
  expect(emails).toMatchObject([{ value: 'odile@maison-klein.fr', method: 'feed' }])
  expect(features).toMatchObject([{ name: 'last_post', value: '2026-03-02', method: 'feed' }])
})

test('a page offers its feed and the files that tell how to reach the company', () => {
  const html = `<link rel="alternate" type="application/rss+xml" href="/feed"><link rel="alternate" type="application/rss+xml" href="/comments/feed">
    <a href="/img/notice-technique.pdf">Notice</a><a href="/menu.pdf">Menu</a><a href="/d/plaquette-2024.pdf">Notre plaquette</a><a href="https://autre.fr/contact.pdf">x</a>`
  const { documents } = read(bytes(html), '/', 'text/html')
  expect(documents).toEqual([
    { url: 'https://maison-klein.fr/d/plaquette-2024.pdf', kind: 'pdf' },
    { url: 'https://maison-klein.fr/menu.pdf', kind: 'pdf' },
    { url: 'https://maison-klein.fr/feed', kind: 'feed' },
  ])
})
