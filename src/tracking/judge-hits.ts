import { moveStatus } from '#src/companies/move-status.ts'
import type { Db } from '#src/db/open.ts'
import { classifyHits } from './classify-hits.ts'
import {
  listUnjudged,
  storeVerdicts,
  type GivenVerdict,
  type HumanHit,
  type JudgedMessage,
} from './queries-judge.ts'
import { readTraffic } from './traffic-document.ts'

const MESSAGES = 500
/** What comes up to ten seconds after a hit bears on its verdict; then it has two more to arrive. */
const FINAL_AFTER_MS = 12_000
const KINDS = { open: 'pixel', click: 'click', unsubscribe: 'unsubscribe' } as const

/** Gives every hit of a message a verdict at once, and the final one when nothing can change it any more. */
export const judgeHits = async (db: Db): Promise<void> => {
  while (await judgeSome(db));
}

/** Judges some of the hits that wait for a verdict, and moves the statuses of companies whose people were seen; whether
 *  there may be more. */
export const judgeSome = async (db: Db): Promise<boolean> => {
  const due = await listUnjudged(db, { messages: MESSAGES, finalAfterMs: FINAL_AFTER_MS })
  const verdicts = due.flatMap(judgeMessage)
  if (verdicts.length === 0) return false
  return db.transaction(async (tx) => {
    const { stored, people } = await storeVerdicts(tx, verdicts, FINAL_AFTER_MS)
    const companiesOf = (wanted: HumanHit['type']) => [
      ...new Set(people.flatMap(({ type, companyId }) => (type === wanted ? companyId : []))),
    ]
    // Who did both has moved on at once.
    await moveStatus(tx, { companyIds: companiesOf('click'), trigger: 'clicked' })
    await moveStatus(tx, { companyIds: companiesOf('open'), trigger: 'opened' })
    return stored > 0
  })
}

/** The verdicts on the open events of one message, from everything that happened to it. */
export const judgeMessage = ({ sentAt, links, events }: JudgedMessage): GivenVerdict[] => {
  const hits = events.flatMap((event) => {
    const kind = event.type in KINDS ? KINDS[event.type as keyof typeof KINDS] : null
    return kind === null ? [] : [{ event, hit: { ...event.facts, at: event.at, kind, link: event.link } }]
  })
  const known = links.length > 0 ? links : [...new Set(events.flatMap(({ link }) => link ?? []))]
  const read = readTraffic({ sentAt, links: known, hits: hits.map(({ hit }) => hit) })
  const judged = read.ok ? classifyHits(read.value) : []
  const ofHits = hits.flatMap(({ event }, index) => {
    const verdict = judged[index] ?? ({ verdict: 'human', reason: 'no_evidence' } as const)
    return event.open ? [{ event_id: event.eventId, at: event.at, ...verdict }] : []
  })
  // A reading time is measured by a script on a page that somebody had in front.
  const ofReading = events.flatMap(({ eventId, at, type, open }) =>
    type === 'read_time' && open
      ? [{ event_id: eventId, at, verdict: 'human', reason: 'read_time' } as const]
      : [],
  )
  return [...ofHits, ...ofReading]
}
