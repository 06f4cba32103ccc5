import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { AppError, messageOf } from '#src/lib/errors.ts'
import { classifyHits } from '#src/tracking/classify-hits.ts'
import { reasonTexts } from '#src/tracking/messages.ts'
import { readTraffic } from '#src/tracking/traffic-document.ts'
import { UsageError, type Command } from './command.ts'

const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({ input: file === '-' ? process.stdin : createReadStream(file), crlfDelay: Infinity })

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    throw new AppError('bad_traffic', 'is not a JSON document')
  }
}

const verdictLines = (line: string): string[] => {
  const read = readTraffic(parse(line))
  if (!read.ok) throw new AppError(read.problem.code, read.problem.message)
  const { message } = read.value
  const texts = reasonTexts('en')
  return classifyHits(read.value).map(({ verdict, reason }, index) =>
    JSON.stringify({ message, index, verdict, reason: texts[reason], code: reason }),
  )
}

/** `tracking classify FILE|-`: one message with its hits per line in, one verdict per hit and line out. A line that
 *  cannot be read is named on stderr and makes the exit code 1; the others are judged all the same. */
export const classifyTraffic: Command['run'] = async ({ args, print }) => {
  const { positionals } = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new UsageError('tracking classify needs one FILE of JSON lines, or - for the standard input')
  let number = 0
  let hasFailed = false
  try {
    for await (const line of linesOf(file)) {
      number++
      if (line.trim() === '') continue
      try {
        const lines = verdictLines(line)
        if (lines.length > 0) print(lines.join('\n'))
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        hasFailed = true
        process.stderr.write(`prospectlab: line ${number}: ${error.message}\n`)
      }
    }
  } catch (error) {
    throw new AppError('unreadable_file', `"${file}" cannot be read: ${messageOf(error)}`)
  }
  return hasFailed ? 1 : 0
}
