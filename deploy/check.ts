// `bun run check`: format, lint, types and architecture, in seconds and without a database.
import { $ } from 'bun'

const steps: [string, () => Promise<{ exitCode: number }>][] = [
  ['format', () => $`oxfmt --check`.quiet().nothrow()],
  ['lint', () => $`oxlint --deny-warnings`.nothrow()],
  ['types', () => $`tsc --noEmit`.nothrow()],
  ['architecture', () => $`bun test tests/architecture.test.ts tests/i18n.test.ts`.nothrow()],
]

let failures = 0
for (const [name, run] of steps) {
  const started = performance.now()
  const { exitCode } = await run()
  if (exitCode !== 0) failures++
  console.log(
    `${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  )
  if (exitCode !== 0 && name === 'format') console.log('       run `bun run format`')
}
process.exit(failures > 0 ? 1 : 0)
