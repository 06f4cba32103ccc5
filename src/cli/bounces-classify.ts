import { parseArgs } from 'node:util'
import { messageOf } from '#src/lib/errors.ts'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'
import { inboundReasons } from '#src/mail/inbound/messages.ts'
import { UsageError, type Command } from './command.ts'

/** Larger files are no mails. */
const MAX_BYTES = 200 * 1024 * 1024

/** `bounces classify FILE…`: one mail per file in, one line per file out, in the order given. A file that cannot be read
 *  is named on stderr and makes the exit code 1; the others are classified all the same. */
export const classifyBounces: Command['run'] = async ({ args, print }) => {
  const { positionals } = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true })
  if (positionals.length === 0) throw new UsageError('bounces classify needs at least one FILE')
  const texts = inboundReasons('en')
  let hasFailed = false
  for (const file of positionals) {
    const raw = await readBytes(file)
    if (typeof raw === 'string') {
      hasFailed = true
      process.stderr.write(`prospectlab: "${file}" cannot be read: ${raw}\n`)
      continue
    }
    const { isBounce, kind, recipient, status, diagnostic, reason } = classifyInbound(raw)
    print(
      JSON.stringify({
        file,
        isBounce,
        type: kind,
        recipient,
        status,
        diagnostic,
        reason: texts[reason],
        code: reason,
      }),
    )
  }
  return hasFailed ? 1 : 0
}

const readBytes = async (file: string): Promise<Uint8Array | string> => {
  try {
    const content = Bun.file(file)
    if (content.size > MAX_BYTES) return 'it is too large for a mail'
    return await content.bytes()
  } catch (error) {
    return messageOf(error)
  }
}
