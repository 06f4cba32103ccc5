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

const fragile = () =>
  startThreads(1, {
    timeoutMs: 1_500,
    spawn: () => new Worker(new URL('./support/fragile-worker.ts', import.meta.url)),
  })

test('a page that a thread dies of or stalls on costs none of those that wait behind it', async () => {
  const pages = fragile()
  const ends = ['deadly', 'a', 'b', 'endless', 'c', 'd'].map((name) =>
    pages.parsePage({ ...page(`<title>${name}`), url: `https://exemple.fr/${name}` }).then(
      (parsed) => parsed.page.title,
      (error) => error.code,
    ),
  )
  expect(await Promise.all(ends)).toEqual(['crashed', 'a', 'b', 'timeout', 'c', 'd'])
  pages.close()
})

test('what waits behind keeps its body when that came compressed: all or a part of what it was unpacked into', async () => {
  const pages = fragile()
  const ends = ['deadly', 'a', 'b', 'c', 'd'].map((name, place) => {
    const bytes = new TextEncoder().encode(`<title>${name}`)
    const body = Buffer.from(place % 2 === 0 ? bytes.buffer : new Uint8Array([...bytes, 0]).buffer)
    return pages
      .parsePage({ ...page(''), url: `https://exemple.fr/${name}`, body: body.subarray(0, bytes.length) })
      .then(
        (parsed) => parsed.page.title,
        (error) => error.code,
      )
  })
  expect(await Promise.all(ends)).toEqual(['crashed', 'a', 'b', 'c', 'd'])
  pages.close()
})

test('a thread has its next page before it is through with the one it is at, and no more than that', async () => {
  const given: ParseInput[] = []
  const thread = new (class extends EventTarget {
    postMessage({ input }: { input: ParseInput }): void {
      given.push(input)
    }
    terminate(): void {}
  })()
  const pages = startThreads(1, { spawn: () => thread as unknown as Worker })
  const answer = (id: number): boolean =>
    thread.dispatchEvent(new MessageEvent('message', { data: { id, ok: true, result: id } }))
  const inputs = ['a', 'b', 'c'].map((name) => page(`<title>${name}`))
  const parsed = inputs.map((input) => pages.parsePage(input) as Promise<unknown>)
  expect(given).toHaveLength(2)
  expect(inputs[1]!.body.byteLength).toBeGreaterThan(0)
  answer(1)
  expect(given).toHaveLength(3)
  // Nobody has a use for it any more: the thread works on a copy.
  expect(inputs[1]!.body.byteLength).toBe(0)
  answer(2)
  answer(3)
  expect(await Promise.all(parsed)).toEqual([1, 2, 3])
  pages.close()
})
