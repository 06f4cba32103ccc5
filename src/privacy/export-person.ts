import type { Db } from '#src/db/open.ts'
import { noteInLog } from './queries-erase.ts'
import { findSubject, readClock, readRecords, type PersonKey } from './queries-person.ts'
import { eraseAfter, readPrivacySettings } from './privacy-settings.ts'

/** Everything known of one person, as a document a machine can read (GDPR art. 15 and 20): keys as the database has them,
 *  the words of mails in full, with the source, the basis and how long it is kept. */
export const exportPerson = async (
  db: Db,
  key: PersonKey,
  { userId, now }: { userId: number | null; now: Date },
): Promise<Record<string, unknown>> => {
  const subject = await findSubject(db, key)
  const settings = await readPrivacySettings(db)
  const clock = await readClock(db, subject)
  const records = await readRecords(db, subject)
  const mails = ({ html, text, ...rest }: Record<string, unknown>) => ({
    ...rest,
    ...(html === undefined ? {} : { html: unpacked(html) }),
    text: unpacked(text),
  })
  const counts = Object.fromEntries(Object.entries(records).map(([name, rows]) => [name, rows.length]))
  await noteInLog(db, { kind: 'export', userId, counts, at: now })
  return {
    exportedAt: now.toISOString(),
    controller: { name: settings.controller, contact: settings.contact },
    legalBasis: settings.basis,
    addresses: subject.addresses,
    names: subject.names,
    collectedAt: clock.collectedAt?.toISOString() ?? null,
    lastOwnActionAt: clock.lastActionAt?.toISOString() ?? null,
    erasedAfter: eraseAfter(clock, settings)?.toISOString() ?? null,
    ...records,
    messages: records.messages.map(mails),
    received: records.received.map(mails),
  }
}

const unpacked = (bytes: unknown): string | null =>
  bytes instanceof Uint8Array ? new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes))) : null
