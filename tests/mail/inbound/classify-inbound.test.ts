import { describe, expect, test } from 'bun:test'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'
import { ownMails } from './own-mails.ts'

const mails = [
  'bounces',
  'more-bounces',
  'unseen-bounces',
  'others',
  'more-others',
  'unseen-others',
  'later-mails',
  'answers',
  'words-only',
  'who-answers',
  'unmarked-programs',
  'reasons-in-words',
].flatMap((name) => ownMails(`${name}.txt`))

describe('a mail that came in is told apart', () => {
  for (const { name, kind, recipient, raw } of mails)
    test(`${name}: ${kind}`, () => {
      const found = classifyInbound(raw)
      expect({ kind: found.kind, isBounce: found.isBounce }).toEqual({
        kind: kind as never,
        isBounce: kind === 'hard' || kind === 'soft',
      })
      if (recipient !== null) expect(found.recipient).toBe(recipient)
    })
})
