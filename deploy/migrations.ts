// `bun run migrations NAME`: writes the SQL that brings the last migration up to the schema files.
// Before the first release there is one generated migration: `--fresh` makes it anew after 0000_functions.
import { $ } from 'bun'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const name = process.argv.find((argument, index) => index > 1 && !argument.startsWith('--')) ?? 'change'
const journalPath = 'drizzle/meta/_journal.json'

if (process.argv.includes('--fresh')) {
  for (const file of readdirSync('drizzle')) if (/^000[1-9].*\.sql$/.test(file)) rmSync(`drizzle/${file}`)
  for (const file of readdirSync('drizzle/meta'))
    if (/^000[1-9]_snapshot\.json$/.test(file)) rmSync(`drizzle/meta/${file}`)
  const journal = JSON.parse(readFileSync(journalPath, 'utf8')) as { entries: unknown[] }
  journal.entries = journal.entries.slice(0, 1)
  writeFileSync(journalPath, `${JSON.stringify(journal, null, 2)}\n`)
}
await $`drizzle-kit generate --config drizzle/config.ts --name ${name}`
