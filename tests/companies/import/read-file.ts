import { readTable, type ReadTableOptions } from '#src/companies/import/tables/read-table.ts'
import { bytesOf, textRow } from './make-files.ts'

export const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await Bun.file(new URL(`fixtures/${name}`, import.meta.url)).arrayBuffer())

export const read = async (bytes: Uint8Array, name = 'list.xlsx', options: ReadTableOptions = {}) => {
  const result = await readTable(bytes, name, options)
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  const rows = [...result.value.rows]
  return { ...result.value, rows, cells: rows.map((row) => row.cells) }
}

export const problem = async (
  bytes: Uint8Array,
  name = 'list.xlsx',
  options: ReadTableOptions = {},
): Promise<string> => {
  const result = await readTable(bytes, name, options)
  if (!result.ok) return result.problem.code
  try {
    for (const _ of result.value.rows);
    return 'none'
  } catch (error) {
    return (error as { code: string }).code
  }
}

export const csv = (text: string, name = 'list.csv') => read(bytesOf(text), name)
export const HEADER = textRow(1, 'Nom', 'Site web', 'Code postal')
