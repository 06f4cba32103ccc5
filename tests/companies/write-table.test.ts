import { describe, expect, test } from 'bun:test'
import { unzipSync } from 'fflate'
import { readTable } from '#src/companies/import/tables/read-table.ts'
import { toCsv, toXlsx, type CellValue } from '#src/companies/write-table.ts'

const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream).arrayBuffer())
const csvOf = async (header: string[], rows: CellValue[][], delimiter?: ';' | ',') =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await bytesOf(toCsv({ header, rows }, delimiter)))
const readBack = async (bytes: Uint8Array, name: string) => {
  const table = await readTable(bytes, name)
  if (!table.ok) throw new Error(table.problem.code)
  return [...table.value.rows].map(({ cells }) => cells)
}

const DANGEROUS = [
  '=1+1',
  '+1+cmd',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1',
  '＋1',
  '－1',
  '＠1',
  ' =1',
  "=cmd|'/c calc'!A1",
  '\u0000=1',
]

describe('CSV', () => {
  test('it starts with a byte order mark, ends lines with CRLF and quotes what needs it', async () => {
    expect(
      await csvOf(
        ['a', 'b'],
        [
          ['x;y', 'say "hi"'],
          ['1\n2', null],
        ],
      ),
    ).toBe('\ufeffa;b\r\n"x;y";"say ""hi"""\r\n"1\n2";\r\n')
  })

  test('numbers have a decimal comma with semicolons and a point with commas', async () => {
    expect(await csvOf(['a', 'b'], [[1.5, -2]])).toContain('1,5;-2\r\n')
    expect(await csvOf(['a', 'b'], [[1.5, Number.NaN]], ',')).toContain('1.5,\r\n')
  })

  for (const text of DANGEROUS) {
    test(`${JSON.stringify(text)} cannot run as a formula`, async () => {
      const line = (await csvOf(['a'], [[text]])).split('\r\n').slice(1).join('\r\n')
      expect(line).toMatch(/^"?'/)
    })
  }

  test('phones in international form and negative numbers stay as they are', async () => {
    expect(await csvOf(['a', 'b'], [['+33 3 87 00 00 01', '-12.5']])).toContain(
      '\r\n+33 3 87 00 00 01;-12.5\r\n',
    )
  })

  test('what was written is read back the same', async () => {
    const rows = [
      ['Nom', '=1+1'],
      ["L'Été", 'a "b"; c'],
      ['Paul', 'x\ny'],
      ['@home', '-x'],
    ]
    expect(await readBack(await bytesOf(toCsv({ header: ['Nom', 'Notes'], rows })), 'a.csv')).toEqual(rows)
  })

  test('a consumer that stops early stops the rows', async () => {
    let stopped = false
    function* rows() {
      try {
        for (;;) yield ['x'.repeat(100)]
      } finally {
        stopped = true
      }
    }
    const reader = toCsv({ header: ['a'], rows: rows() }).getReader()
    await reader.read()
    await reader.cancel()
    expect(stopped).toBe(true)
  })
})

describe('XLSX', () => {
  test('texts are texts and numbers numbers: nothing is a formula', async () => {
    const bytes = await bytesOf(
      toXlsx({ header: ['a', '=b'], rows: DANGEROUS.map((text, i) => [text, i + 0.5]) }, 'Sociétés [1/2]'),
    )
    const sheet = new TextDecoder().decode(unzipSync(bytes)['xl/worksheets/sheet1.xml'])
    expect(sheet).not.toContain('<f>')
    expect(sheet).toContain('<v>0.5</v>')
    expect(sheet.match(/t="inlineStr"/g)).toHaveLength(DANGEROUS.length + 2)
  })

  test('what was written is read back the same', async () => {
    const rows = [
      ['Été & <Fils>', '=1+1', '1.5'],
      ['x\ny', '_x000D_', '-2'],
      ['Paul', 'true', '01000'],
    ]
    const typed = rows.map(([a, b, c]) => [a, b, c === '01000' ? c : Number(c)])
    expect(
      await readBack(await bytesOf(toXlsx({ header: ['Nom', 'Notes', 'X'], rows: typed }, 'S')), 'a.xlsx'),
    ).toEqual(rows)
  })

  test('control characters, halves of pairs and endless texts do not break the file', async () => {
    const bytes = await bytesOf(
      toXlsx({ header: ['Nom'], rows: [['a\u0001\u0000b'], ['\ud800x'], ['y'.repeat(40_000)]] }, ''),
    )
    const cells = await readBack(bytes, 'a.xlsx')
    expect(cells[0]).toEqual(['ab'])
    expect(cells[2]![0]).toHaveLength(32_767)
  })

  test('rows may come slowly, and none is an empty sheet with its header', async () => {
    async function* rows() {
      yield ['a']
      await Promise.resolve()
      yield ['b']
    }
    expect(await readBack(await bytesOf(toXlsx({ header: ['Nom'], rows: rows() }, 'S')), 'a.xlsx')).toEqual([
      ['a'],
      ['b'],
    ])
    expect(await readBack(await bytesOf(toXlsx({ header: ['Nom'], rows: [] }, 'S')), 'a.xlsx')).toEqual([])
  })
})
