import { afterAll, expect, test } from 'bun:test'
import { startThreads } from '#src/threads.ts'
import type { ParseInput } from '#src/crawl/extract/parsed-page.ts'

const threads = startThreads(2)
afterAll(() => threads.close())

const page = (html: string): ParseInput => ({
  url: 'https://exemple.fr/',
  finalUrl: 'https://exemple.fr/',
  siteHost: 'exemple.fr',
  depth: 0,
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: new TextEncoder().encode(html),
  deep: true,
})

test('many pages at once each get their own answer', async () => {
  const titles = Array.from({ length: 40 }, (_, index) => `Titre ${index}`)
  const parsed = await Promise.all(titles.map((title) => threads.parsePage(page(`<title>${title}</title>`))))
  expect(parsed.map((one) => one.page.title)).toEqual(titles)
})

test('rows of a table arrive in order, and reading waits for the reader', async () => {
  const rows: number[] = []
  let reading = false
  const lines = Array.from({ length: 2_000 }, (_, index) => `Entreprise ${index};https://e${index}.fr`)
  const result = await threads.readTable(
    { bytes: new TextEncoder().encode(`nom;site\n${lines.join('\n')}\n`), fileName: 'x.csv' },
    async (chunk) => {
      expect(reading).toBe(false)
      reading = true
      await Promise.resolve()
      rows.push(...chunk.map((row) => row.row))
      reading = false
    },
  )
  expect(result).toMatchObject({ ok: true, value: { rows: 2_000 } })
  expect(rows).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 2))
})

test('a reader that fails ends the reading with its own error, and the thread is replaced', async () => {
  const bytes = new TextEncoder().encode('nom\nA\nB\n')
  const failing = threads.readTable({ bytes, fileName: 'x.csv' }, () =>
    Promise.reject(new Error('disk full')),
  )
  expect(failing).rejects.toThrow('disk full')
  await failing.catch(() => {})
  expect(await threads.readTable({ bytes, fileName: 'x.csv' }, async () => {})).toMatchObject({ ok: true })
})

test('after closing nothing hangs', async () => {
  const short = startThreads(1)
  const waiting = [short.parsePage(page('<p>a')), short.parsePage(page('<p>b'))].map((one) =>
    one.catch((error) => error.code),
  )
  short.close()
  expect(await Promise.all(waiting)).toEqual(['crashed', 'crashed'])
})
