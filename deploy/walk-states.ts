import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Farm } from '#tests/support/farm.ts'
import { runProgram, signInOverHttp, type Served } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'
import { decideOnContacts, type Decided } from './walk-contacts.ts'

const CRAWL_MS = 180_000

/** Companies by what there is to show of them. */
export type Filled = {
  crawled: number
  hostile: number
  unreachable: number
  withoutSite: number
  merged: number
  deleted: number
  batch: number
  /** Facts of `crawled` that somebody decided on. */
  decided: Decided
  /** Imports by the step at which they stand. */
  imports: { done: number; draft: number; checked: number }
}

export const HOSTILE_NAME = 'Établissements <b>Très</b> Longs & Fils de la Vallée de la Moselle-et-Madon SARL'

/** A spreadsheet with one company for each kind of outcome, and an ordinary one for the other sites. */
export const fileOf = (farm: Farm, special: { hostile: number; unreachable: number }): string => {
  const rows = farm.sites.map((site) => {
    const name = site.index === special.hostile ? HOSTILE_NAME : site.name
    const url = site.index === special.unreachable ? site.url.replace(/:\d+\//, ':1/') : site.url
    return `${name};${url};${site.city};${site.postalCode};${site.phone};12 rue des Artisans`
  })
  return [
    'Raison sociale;Site web;Ville;Code postal;Téléphone;Adresse',
    ...rows,
    'Sans Site SARL;;Metz;57000;03 87 00 00 99;3 place du Marché',
    'À Supprimer;;Metz;57000;;',
    'Doublon de Sans Site;;Metz;57000;;',
    ';;Metz;57000;;',
    '',
  ].join('\r\n')
}

/** Imports the file and asks for a crawl of everything in it. */
export const importFile = async (server: Served, folder: string, text: string): Promise<void> => {
  const file = join(folder, 'entreprises-de-la-région.csv')
  writeFileSync(file, text)
  const { code, errors } = await runProgram(['import', file, '--crawl', '--json'], { env: server.env })
  if (code !== 0) throw new Error(`the import failed: ${errors}`)
}

/** Waits for the crawls, then does to the companies what people do. */
export const workOnCompanies = async (
  server: Served,
  farm: Farm,
  special: { hostile: number; unreachable: number },
): Promise<Filled> => {
  const person = await signInOverHttp(server.base)
  const done = async () =>
    !/<progress/.test(
      (await person.get('/jobs')).text.replace(/<progress[^>]*value="(\d+)"[^>]*max="\1"/g, ''),
    )
  await until('every crawl has ended', done, CRAWL_MS)

  const idOf = async (name: string): Promise<number> => {
    const { text } = await person.get(`/companies?q=${encodeURIComponent(name)}`)
    const id = /href="\/companies\/(\d+)"/.exec(text)?.[1]
    if (!id) throw new Error(`no company is called ${name}`)
    return Number(id)
  }
  const crawled = await idOf(farm.sites[0]!.name)
  const withoutSite = await idOf('Sans Site SARL')
  const merged = await idOf('Doublon de Sans Site')
  const deleted = await idOf('À Supprimer')
  await person.post('/groups', { name: 'Tournée de printemps' })
  await person.post(`/companies/${crawled}/follow-up`, {
    status: 'Relance',
    stage: 'RDV',
    tags: 'urgent, refonte',
    notes: 'A rappeler lundi.\r\nDemande un devis.',
    groups: '1',
  })
  await person.post(`/companies/${crawled}/favourite`, { favourite: '1' })
  await person.post(`/companies/${withoutSite}/merge`, { other: String(merged) })
  await person.post(`/companies/${deleted}/delete`)
  const decided = await decideOnContacts(person, crawled)
  await person.post(`/companies/${crawled}/crawls`)
  await until('the second visit has ended', done, CRAWL_MS)
  const table =
    'Enseigne;Ville;Site;Divers\r\nAtelier Neuf;Metz;atelier-neuf.example;bleu\r\n;Nancy;;vert\r\n'
  const idIn = (path: string) => Number(/\d+$/.exec(path)?.[0])
  const checked = idIn(await person.upload('/imports', 'à-vérifier.csv', table))
  await person.post(`/imports/${checked}/checks`)
  const isChecked = async () =>
    (await person.get(`/imports/${checked}`)).text.includes(`/imports/${checked}/runs`)
  await until('the file is checked', isChecked, CRAWL_MS)
  const draft = idIn(await person.upload('/imports', 'brouillon.csv', table))
  return {
    crawled,
    withoutSite,
    merged,
    deleted,
    hostile: await idOf('Établissements'),
    unreachable: await idOf(farm.sites[special.unreachable]!.name),
    batch: 1,
    decided,
    imports: { done: 1, draft, checked },
  }
}
