import { afterAll, expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import { askTxt } from '#src/lib/ask-txt.ts'
import { startDnsServer } from '#tests/support/dns-server.ts'

const server = await startDnsServer({
  'parts.test TXT': ['a'.repeat(300), 'b'.repeat(255), 'short'],
  'large.test TXT': ['x'.repeat(2_000), 'y'],
  'letters.test TXT': ['é à 日本'],
  'alias.test CNAME': ['letters.test'],
  'nothing.test A': ['192.0.2.1'],
  'fails.test TXT': 'servfail',
  'silent.test TXT': 'silent',
  'garbage.test TXT': 'garbage',
})
afterAll(() => server.stop())
const here = `127.0.0.1:${server.port}`
const quick = { tryMs: 100, tries: 1 }

test('the parts of a record are put together, and records kept apart', async () => {
  expect(await askTxt([here], 'parts.test', quick)).toEqual(['a'.repeat(300), 'b'.repeat(255), 'short'])
  expect(await askTxt([here], 'letters.test.', quick)).toEqual(['é à 日本'])
  expect(await askTxt([here], 'alias.test', quick)).toEqual(['é à 日本'])
})

test('what is too long for one packet is asked for again over TCP', async () => {
  expect(await askTxt([here], 'large.test', quick)).toEqual(['x'.repeat(2_000), 'y'])
})

test('no record and no answer are not the same', async () => {
  const answers = ['nothing.test', 'nowhere.test', 'a..b', 'x'.repeat(300), 'caf\u00e9.test']
  for (const name of answers) expect(await askTxt([here], name, quick)).toEqual([])
  for (const name of ['fails.test', 'silent.test', 'garbage.test'])
    expect(await askTxt([here], name, quick)).toBeNull()
  expect(await askTxt([], 'letters.test', quick)).toBeNull()
  expect(await askTxt(['not an address'], 'letters.test', quick)).toBeNull()
})

test('the next server is asked when one does not answer', async () => {
  expect(await askTxt(['127.0.0.1:1', here], 'letters.test', quick)).toEqual(['é à 日本'])
})

test('an answer to another question, or one that lies about its lengths, is none', async () => {
  const lies: ((question: Buffer) => Buffer)[] = [
    (question) =>
      Buffer.concat([
        Buffer.of(question[0]! ^ 1),
        question.subarray(1, 2),
        Buffer.of(0x81, 0x80),
        question.subarray(4),
      ]),
    (question) =>
      Buffer.concat([
        question.subarray(0, 2),
        Buffer.of(0x81, 0x80, 0, 1, 255, 255, 0, 0, 0, 0),
        question.subarray(12),
      ]),
    (question) =>
      Buffer.concat([
        question.subarray(0, 2),
        Buffer.of(0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0),
        question.subarray(12),
        Buffer.of(0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 5),
      ]),
    (question) => question.subarray(0, 7),
  ]
  for (const lie of lies) {
    const liar = createSocket('udp4')
    liar.on('message', (question, from) => liar.send(lie(question), from.port, from.address))
    await new Promise<void>((resolve) => liar.bind(0, '127.0.0.1', resolve))
    expect(await askTxt([`127.0.0.1:${liar.address().port}`], 'letters.test', quick)).toBeNull()
    liar.close()
  }
})
