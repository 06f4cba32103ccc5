import { parseArgs } from 'node:util'
import { openapiDocument } from '#src/public-api/document/openapi.ts'
import { json, type Command } from './command.ts'

export const openapiCommand: Command = {
  usage: 'openapi [--json]',
  summary: 'the OpenAPI 3.1 document of the public API',
  run: async ({ args, print }) => {
    parseArgs({ args, options: { json: { type: 'boolean' } } })
    print(json(openapiDocument()))
    return 0
  },
}
