import { afterAll, describe, expect, test } from 'bun:test'
import type { ReadTableChunk } from '#src/companies/worker.ts'
import { startThreads } from '#src/threads.ts'
import { bytesOf, textRow, xlsx } from './import/make-files.ts'

const threads = startThreads(1)
afterAll(() => threads.close())

const list = (rows: number): Uint8Array =>
  bytesOf(`Nom;Site web\n${Array.from({ length: rows }, (_, i) => `Société ${i};s${i}.fr`).join('\n')}`)

describe('tables are read in a thread', () => {
  test('rows arrive in order, in chunks, each awaited before the next', async () => {
    const rows: number[] = []
    let busy = false
    const result = await threads.readTable({ bytes: list(1_234), fileName: 'a.csv' }, async (chunk) => {
      expect(busy).toBe(false)
      busy = true
      await Bun.sleep(1)
      rows.push(...chunk.map(({ row }) => row))
      busy = false
    })
    expect(rows).toEqual(Array.from({ length: 1_234 }, (_, i) => i + 2))
    expect(result).toMatchObject({
      ok: true,
      value: { rows: 1_234, suggested: { name: 0, website: 1 }, headerRow: 1 },
    })
  })

  test('a preview stops early and still says what the columns are', async () => {
    const seen: ReadTableChunk = []
    const result = await threads.readTable(
      { bytes: list(5_000), fileName: 'a.csv', options: { preview: 20 } },
      async (chunk) => void seen.push(...chunk),
    )
    expect(seen).toHaveLength(20)
    expect(result).toMatchObject({ ok: true, value: { rows: 20, unmapped: [] } })
  })

  test('with a mapping every row comes cleaned or with its reason', async () => {
    const seen: ReadTableChunk = []
    const bytes = bytesOf('Nom;Site web\nPaul;WWW.Paul.fr\n;luc.fr\n')
    const options = { mapping: { name: 0, website: 1 } }
    await threads.readTable({ bytes, fileName: 'a.csv', options }, async (chunk) => void seen.push(...chunk))
    expect(seen[0]!.clean).toMatchObject({ ok: true, company: { name: 'Paul', siteKey: 'paul.fr' } })
    expect(seen[1]).toEqual({ row: 3, cells: ['', 'luc.fr'], clean: { ok: false, reason: 'no_name' } })
  })

  test('a file that cannot be read is an answer, not a crash', async () => {
    const bomb = xlsx({ sheets: [{ name: 'S', data: textRow(1, 'Nom') + '<row></row>'.repeat(4_000_000) }] })
    const refused = await threads.readTable({ bytes: bomb, fileName: 'a.xlsx' }, async () => {})
    expect(refused).toMatchObject({ ok: false, problem: { code: 'zip_bomb' } })
    const again = await threads.readTable({ bytes: list(1), fileName: 'a.csv' }, async () => {})
    expect(again.ok).toBe(true)
  })
})
