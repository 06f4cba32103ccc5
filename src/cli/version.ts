import { parseArgs } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { json, type Command } from './command.ts'

export const versionCommand: Command = {
  usage: 'version [--json]',
  summary: 'print the version',
  run: async ({ args, print }) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } })
    const facts = {
      version: packageJson.version,
      bun: Bun.version,
      platform: `${process.platform}-${process.arch}`,
      executable: Bun.isStandaloneExecutable,
    }
    print(values.json ? json(facts) : `prospectlab ${facts.version} (Bun ${facts.bun}, ${facts.platform})`)
    return 0
  },
}
