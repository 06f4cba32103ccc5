import { dropProxyVariables, loadConfig, readEnvironment } from './config.ts'
import './lib/jsx-anywhere.ts'
import { UsageError } from './cli/command.ts'
import { isDatabaseDown, loggableMessage } from './db/failures.ts'
import { AppError, messageOf } from './lib/errors.ts'
import { createLog } from './lib/log.ts'
import { ConfigError } from './lib/settings.ts'

// Not linked before what is imported above has run (lib/jsx-anywhere.ts).
const { commands } = await import('./cli/commands.ts')

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** All commands, or one and the names of the others. */
const usage = (name?: string): string => {
  const one = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (one) {
    const names = Object.keys(commands).join(', ')
    const lines = [`Usage: prospectlab ${one.usage}`, `  ${one.summary}`, '']
    return [...lines, `Commands: ${names}; \`prospectlab --help\` explains them.`, ''].join('\n')
  }
  const lines = Object.values(commands).flatMap((command) => [
    `  ${command.usage}`,
    `      ${command.summary}`,
  ])
  return ['Usage: prospectlab [command] [--env-file FILE]', '', 'Commands:', ...lines, ''].join('\n')
}

/** `--env-file FILE` may stand anywhere; the rest is the command and its arguments. */
const splitArguments = (argv: string[]): { envFile?: string; name: string; args: string[] } => {
  const rest = [...argv]
  const at = rest.indexOf('--env-file')
  const envFile = at >= 0 ? rest.splice(at, 2)[1] : undefined
  if (at >= 0 && envFile === undefined) throw new UsageError('--env-file needs the name of a file')
  const name = rest[0]?.startsWith('-') ? 'serve' : (rest.shift() ?? 'serve')
  return { ...(envFile === undefined ? {} : { envFile }), name, args: rest }
}

const run = async (argv: string[]): Promise<number> => {
  if (argv.includes('--help') || argv.includes('-h') || argv[0] === 'help') {
    process.stdout.write(usage(argv.find((word) => Object.hasOwn(commands, word))))
    return 0
  }
  const { envFile, name, args } = splitArguments(argv)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new UsageError(`there is no command "${name}"`)

  const log = createLog()
  const dropped = dropProxyVariables()
  if (dropped.length > 0) log.info('proxy variables are ignored', { names: dropped.join(',') })
  return command.run({
    args,
    config: () => loadConfig(readEnvironment(envFile)),
    log,
    print: (text) => void process.stdout.write(`${text}\n`),
  })
}

const explain = (error: unknown): number => {
  if (error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`prospectlab: ${messageOf(error)}\n\n${usage(process.argv[2])}`)
    return EXIT_USAGE
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`prospectlab: ${error.message}\n`)
    return EXIT_USAGE
  }
  if (isDatabaseDown(error)) {
    process.stderr.write(`prospectlab: the database cannot be reached: ${loggableMessage(error)}\n`)
    return EXIT_FAILED
  }
  const detail = error instanceof AppError ? error.message : ((error as Error).stack ?? messageOf(error))
  process.stderr.write(`prospectlab: ${detail}\n`)
  return EXIT_FAILED
}

// What is still on its way into a pipe would be cut off by the exit; without a reader there is nothing left to do.
process.stdout.on('error', () => process.exit(EXIT_FAILED))
const flushed = (): Promise<void> => new Promise((resolve) => process.stdout.end(() => resolve()))

const code = await run(process.argv.slice(2)).catch(explain)
await flushed()
process.exit(code)
