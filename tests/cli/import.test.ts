import { expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '#src/db/open.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { runProgram, temporaryFolder } from '#tests/support/product.ts'

const TIMEOUT_MS = 60_000

const folder = temporaryFolder('cli-import')
const { url: DATABASE_URL, connection, beforeClose } = await emptyDatabase()
const { sql, close } = openDatabase(connection, { max: 1 })
beforeClose(async () => {
  await close()
  folder.remove()
})

const env = { DATABASE_URL, DATA_DIR: join(folder.path, 'data') }
const fileOf = (name: string, host: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, `Nom;Site\nGarage ${host};https://${host}\n`)
  return path
}

test(
  'import --crawl --preset gives the new companies and their crawl that preset',
  async () => {
    const file = fileOf('liste.csv', 'garage-leger.fr')
    const { code, out, errors } = await runProgram(
      ['import', file, '--crawl', '--preset', 'quick', '--json'],
      { env },
    )
    expect([code, errors]).toEqual([0, errors])
    expect(JSON.parse(out)).toMatchObject({ rows: 1, created: 1, importId: 1 })
    const [made] = await sql`SELECT crawl_state, crawl_budget FROM companies`
    expect(made).toEqual({ crawl_state: 'queued', crawl_budget: { preset: 'quick' } })
    const [list] = await sql`SELECT crawl_after, crawl_budget FROM imports`
    expect(list).toEqual({ crawl_after: true, crawl_budget: { preset: 'quick' } })

    await runProgram(['import', fileOf('autre.csv', 'autre-garage.fr'), '--json'], { env })
    const [other] = await sql`SELECT crawl_budget FROM companies ORDER BY id DESC LIMIT 1`
    expect(other!.crawl_budget).toBeNull()
  },
  TIMEOUT_MS,
)

test('a preset that does not exist is wrong usage, with the list', async () => {
  const { code, out, errors } = await runProgram(['import', 'liste.csv', '--preset', 'endless'], { env })
  expect([code, out]).toEqual([2, ''])
  expect(errors).toContain('--preset is one of quick, standard, thorough')
  expect(errors).toContain(
    'import FILE [--dry-run] [--profile P] [--crawl] [--preset quick|standard|thorough]',
  )
})
