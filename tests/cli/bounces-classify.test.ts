import { afterAll, expect, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bouncesCommand } from '#src/cli/bounces.ts'
import { UsageError } from '#src/cli/command.ts'
import { silentLog } from '#src/lib/log.ts'
import { ownMails } from '#tests/mail/inbound/own-mails.ts'
import { temporaryFolder } from '#tests/support/product.ts'

const folder = temporaryFolder('bounces')
afterAll(folder.remove)
const run = async (...args: string[]) => {
  const lines: string[] = []
  const config = () => {
    throw new Error('no settings are needed')
  }
  const code = await bouncesCommand.run({
    args,
    config,
    log: silentLog,
    print: (text) => void lines.push(text),
  })
  return { code, lines: lines.map((line) => JSON.parse(line)) }
}

test('one line per file, in the order given, with what the contract names', async () => {
  const [bounce] = ownMails('bounces.txt')
  const files = [join(folder.path, 'a mail.eml'), join(folder.path, 'other.eml')]
  writeFileSync(files[0]!, bounce!.raw)
  writeFileSync(files[1]!, 'From: anne@exemple.fr\nSubject: Bonjour\n\nBonjour\n')
  for (const args of [files, [...files, '--json']]) {
    const { code, lines } = await run('classify', ...args)
    expect(code).toBe(0)
    expect(lines).toEqual([
      {
        file: files[0],
        isBounce: true,
        type: 'hard',
        recipient: 'paul.durand@dupont-plomberie.fr',
        status: '5.1.1',
        diagnostic: expect.stringContaining(
          '550 5.1.1 <paul.durand@dupont-plomberie.fr>: Recipient address rejected',
        ),
        reason: 'This address does not exist',
        code: 'user_unknown',
      },
      {
        file: files[1],
        isBounce: false,
        type: 'none',
        recipient: null,
        status: null,
        diagnostic: null,
        reason: 'Not about a message that was sent',
        code: 'other',
      },
    ])
  }
})

test('a file that cannot be read is named, and the others are classified all the same', async () => {
  const file = join(folder.path, 'empty.eml')
  writeFileSync(file, '')
  const { code, lines } = await run('classify', join(folder.path, 'absent.eml'), folder.path, file)
  expect(code).toBe(1)
  expect(lines.map(({ file, type }) => [file, type])).toEqual([[file, 'none']])
})

test('no file or another word is wrong usage', async () => {
  expect(run('classify')).rejects.toThrow(UsageError)
  expect(run('scan', 'x')).rejects.toThrow(UsageError)
  expect(run()).rejects.toThrow(UsageError)
})
