import { afterAll } from 'bun:test'
import { importCompanies, type ImportReport } from '#src/companies/import/import-companies.ts'
import { finishImport, insertImport } from '#src/companies/import/queries-imports.ts'
import type { Mapping } from '#src/companies/import/recognise-columns.ts'
import type { Db } from '#src/db/open.ts'
import { startThreads } from '#src/threads.ts'
import { bytesOf } from './make-files.ts'

export const threads = startThreads(1)
afterAll(() => threads.close())

export const HEADER = ['Nom', 'Site web', 'Téléphone', 'Adresse', 'Code postal', 'Ville', 'E-mail']
export const MAPPING: Mapping = {
  name: 0,
  website: 1,
  phone: 2,
  address1: 3,
  postalCode: 4,
  city: 5,
  email: 6,
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
export const csv = (rows: string[][], header = HEADER): Uint8Array =>
  bytesOf([header, ...rows].map((row) => row.map(quoted).join(';')).join('\n'))

type Imported = ImportReport & { importId: number }

/** Imports rows of HEADER's columns as the command line does. */
export const importRows = async (
  db: Db,
  rows: string[][],
  options: { mapping?: Mapping; header?: string[]; created?: number[] } = {},
): Promise<Imported> => {
  const mapping = options.mapping ?? MAPPING
  const header = options.header ?? HEADER
  const result = await importCompanies(
    { db, threads },
    { bytes: csv(rows, header), fileName: 'liste.csv', mapping },
    {
      userId: null,
      begin: (tx) =>
        insertImport(tx, { fileName: 'liste.csv', format: 'csv', state: 'running', header, mapping }),
      finish: async (tx, importId, { counts, warnings }, created) => {
        options.created?.push(...created)
        await finishImport(tx, importId, { counts, warnings })
      },
    },
  )
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

export const addsUp = ({ counts }: ImportReport): boolean =>
  counts.rows === counts.created + counts.updated + counts.unchanged + counts.duplicates + counts.rejected
