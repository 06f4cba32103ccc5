import { expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

type Type = 'hard' | 'soft' | 'none' | 'autoreply' | 'complaint' | 'reply'
type Label = { type: Type | Type[]; recipient: string | null; status: string | null; note: string }
type Answer = {
  file: string
  isBounce: boolean
  type: Type
  recipient: string | null
  status: string | null
  reason: string
}
type Count = { right: number; of: number }

const ROOT = join(import.meta.dir, '../../..')
const MAILS = join(import.meta.dir, 'labelled')
const LONGEST_MS = 120_000

/** What is promised of every folder; all of them have been worked with. */
const FOLDERS = [
  { folder: 'open', type: 0.98 },
  { folder: 'held', type: 0.98 },
  { folder: 'second-open', type: 0.98 },
  { folder: 'second-held', type: 0.98 },
  { folder: 'third', type: 0.98 },
]

const BOUNCES: readonly Type[] = ['hard', 'soft']
const ORDINARY: readonly Type[] = ['none', 'reply']

const readLabels = async (folder: string): Promise<Record<string, Label>> =>
  Bun.file(join(MAILS, folder, 'labels.json')).json()

/** What the public command says of every mail of the folder, by file name. */
const classifyFolder = async (folder: string): Promise<Map<string, Answer>> => {
  const files = Object.keys(await readLabels(folder)).map((name) => join(MAILS, folder, name))
  const child = Bun.spawn([process.execPath, 'src/main.ts', 'bounces', 'classify', ...files, '--json'], {
    cwd: ROOT,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  expect(await child.exited, err).toBe(0)
  const answers = out
    .split('\n')
    .filter(Boolean)
    .map((line): Answer => JSON.parse(line))
  return new Map(answers.map((answer) => [basename(answer.file), answer]))
}

const allowed = (label: Label): readonly Type[] => [label.type].flat()

const hasRightType = (label: Label, answer: Answer | undefined) =>
  answer !== undefined &&
  allowed(label).includes(answer.type) &&
  answer.isBounce === BOUNCES.includes(answer.type)

/** A bounce that names nobody must not be given a recipient; on other kinds a missing label judges nothing. */
const isRecipientJudged = (label: Label) =>
  label.recipient !== null || allowed(label).every((type) => BOUNCES.includes(type))

const sameText = (found: string | null | undefined, right: string | null) =>
  (found ?? '').toLowerCase() === (right ?? '').toLowerCase()

const count = <Case>(cases: readonly Case[], isRight: (one: Case) => boolean): Count => ({
  right: cases.filter(isRight).length,
  of: cases.length,
})

const scoreFolder = async (folder: string) => {
  const labels = Object.entries(await readLabels(folder))
  const answers = await classifyFolder(folder)
  const cases = labels.map(([file, label]) => ({ file, label, answer: answers.get(file) }))
  const ordinary = cases.filter(({ label }) => allowed(label).every((type) => ORDINARY.includes(type)))
  const mistaken = ({ answer }: (typeof cases)[number]) =>
    answer !== undefined && ['hard', 'soft', 'complaint'].includes(answer.type)
  const wrong = cases.filter(
    ({ label, answer }) =>
      !hasRightType(label, answer) ||
      (isRecipientJudged(label) && !sameText(answer?.recipient, label.recipient)),
  )
  return {
    type: count(cases, ({ label, answer }) => hasRightType(label, answer)),
    mistaken: count(ordinary, mistaken),
    recipient: count(
      cases.filter(({ label }) => isRecipientJudged(label)),
      ({ label, answer }) => sameText(answer?.recipient, label.recipient),
    ),
    status: count(
      cases.filter(({ label }) => label.status !== null),
      ({ label, answer }) => sameText(answer?.status, label.status),
    ),
    wrong: wrong.map(
      ({ file, label, answer }) =>
        `${file}: ${allowed(label).join('|')} ${label.recipient ?? '-'}, got ${answer?.type} ${answer?.recipient ?? '-'} (${answer?.reason ?? 'no line'})`,
    ),
  }
}

const share = ({ right, of }: Count) => right / of
const inWords = ({ right, of }: Count) => `${right}/${of} (${((100 * right) / of).toFixed(1)} %)`
const totals = ({ type, mistaken, recipient, status }: Awaited<ReturnType<typeof scoreFolder>>) =>
  `type ${inWords(type)}, ordinary mails mistaken ${inWords(mistaken)}, recipient ${inWords(recipient)}, status ${inWords(status)}`

test('every labelled mail is there and every mail is labelled', async () => {
  for (const { folder } of FOLDERS) {
    const names = (await readdir(join(MAILS, folder))).filter((name) => name.endsWith('.eml'))
    expect(names.toSorted()).toEqual(Object.keys(await readLabels(folder)).toSorted())
  }
})

for (const { folder, type } of FOLDERS)
  test(
    `labelled mails (${folder}) are recognised, with the address we wrote to, and ordinary ones left alone`,
    async () => {
      const scores = await scoreFolder(folder)
      if (scores.wrong.length > 0) console.log([`${folder}: ${totals(scores)}`, ...scores.wrong].join('\n'))
      expect(share(scores.type)).toBeGreaterThanOrEqual(type)
      expect(share(scores.mistaken)).toBeLessThanOrEqual(0.01)
      expect(share(scores.recipient)).toBeGreaterThanOrEqual(0.98)
    },
    LONGEST_MS,
  )
