import type { Db } from '#src/db/open.ts'
import { findProfile, findProfileByName, listProfiles, upsertProfile } from './queries-profiles.ts'
import { companyFields, foldHeader, type CompanyField, type Mapping } from './recognise-columns.ts'

/** The mapping a profile gives for this header: columns are found again by their names, wherever they stand now. */
export const applyProfile = (columns: Record<string, string>, header: string[]): Mapping => {
  const places = new Map(header.map((name, index) => [foldHeader(name), index]))
  const mapping: Mapping = {}
  for (const field of companyFields) {
    const place = places.get(foldHeader(columns[field] ?? ''))
    if (columns[field] && place !== undefined) mapping[field] = place
  }
  return mapping
}

/** The profile made for a file with the same columns, in any order. */
export const profileFor = async (db: Db, header: string[]) => {
  const wanted = signatureOf(header)
  return (await listProfiles(db)).find((profile) => signatureOf(profile.header) === wanted) ?? null
}

/** Remembers a mapping under a name; the same name again replaces it. Returns the profile's id. */
export const saveProfile = (db: Db, name: string, header: string[], mapping: Mapping): Promise<number> =>
  upsertProfile(db, { name, header, columns: columnsOf(header, mapping) })

export const readProfile = (db: Db, which: { id: number } | { name: string }) =>
  'id' in which ? findProfile(db, which.id) : findProfileByName(db, which.name)

const columnsOf = (header: string[], mapping: Mapping): Partial<Record<CompanyField, string>> =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([field, column]) => {
      const name = header[column]
      return name ? [[field, name]] : []
    }),
  )

const signatureOf = (header: string[]): string => header.map(foldHeader).sort().join('|')
