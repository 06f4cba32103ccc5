import { isFreeMail } from '#src/crawl/contacts/free-mail.ts'
import { kindOfLocal } from '#src/crawl/extract/emails.ts'
import type { Db } from '#src/db/open.ts'
import { erasePeople } from './erase-person.ts'
import { readPrivacySettings } from './privacy-settings.ts'
import {
  findOldAddresses,
  findOldMentions,
  findOldRecipients,
  forgetOldRows,
  type GivenAddress,
} from './queries-addresses.ts'
import { findExpired, noteInLog } from './queries-erase.ts'
import { eraseName, findExpiredNames } from './queries-names.ts'
import type { PersonKey } from './queries-person.ts'

const AT_ONCE = 100
const READ_AT_ONCE = 2_000

/** Erases the people whose time is over, some in each transaction: what was interrupted goes on the next night. Returns how
 *  many. */
export const eraseExpired = async (db: Db, now: Date, signal?: AbortSignal): Promise<number> => {
  const { retentionMonths } = await readPrivacySettings(db)
  const before = new Date(now)
  before.setUTCMonth(before.getUTCMonth() - retentionMonths)
  let erased = 0
  for (;;) {
    const expired = await findExpired(db, before, AT_ONCE)
    if (signal?.aborted) return erased
    const keys = expired.map(({ factId, address }) => (address === null ? { factId } : { address }))
    await eraseAll(db, keys, now)
    erased += keys.length
    if (expired.length < AT_ONCE) break
  }
  erased += await eraseExpiredNames(db, before, now, signal)
  // After the names: an address beside a name stays for as long as the name.
  for (const find of [findOldAddresses, findOldRecipients, findOldMentions])
    erased += await eraseOldAddresses(db, find, { before, now }, signal)
  await forgetOldRows(db, before)
  return erased
}

/** Names that lists gave, of people whom no page names. */
const eraseExpiredNames = async (
  db: Db,
  before: Date,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<number> => {
  let erased = 0
  for (;;) {
    const expired = await findExpiredNames(db, before, AT_ONCE)
    if (signal?.aborted) return erased
    await eraseAll(
      db,
      expired.flatMap(({ address }) => (address === null ? [] : [{ address }])),
      now,
    )
    for (const given of expired) {
      const { address } = given
      await db.transaction(async (tx) => {
        const counts = await eraseName(tx, given)
        if (address === null) await noteInLog(tx, { kind: 'retention', userId: null, counts, at: now })
      })
      erased += 1
    }
    if (expired.length < AT_ONCE) return erased
  }
}

/** Addresses of people that lists gave without a name, or that nothing but the mails to them holds. */
const eraseOldAddresses = async (
  db: Db,
  find: typeof findOldAddresses,
  { before, now }: { before: Date; now: Date },
  signal: AbortSignal | undefined,
): Promise<number> => {
  const erased = new Set<string>()
  let after = 0
  for (;;) {
    const old = await find(db, { before, after, limit: READ_AT_ONCE })
    const addresses = [...new Set(old.filter(isOfPerson).map(({ address }) => address))]
    const left = addresses.filter((address) => !erased.has(address))
    for (let start = 0; start < left.length; start += AT_ONCE) {
      if (signal?.aborted) return erased.size
      const some = left.slice(start, start + AT_ONCE)
      await eraseAll(
        db,
        some.map((address) => ({ address })),
        now,
      )
      for (const address of some) erased.add(address)
    }
    if (old.length < READ_AT_ONCE) return erased.size
    // The last one's other address may be in the next part: it is read again.
    after = old.at(-1)!.id - 1
  }
}

const eraseAll = async (db: Db, keys: readonly PersonKey[], now: Date): Promise<void> => {
  if (keys.length > 0) await erasePeople(db, keys, { kind: 'retention', userId: null, now })
}

const isOfPerson = ({ address, host, ofPerson }: GivenAddress): boolean => {
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  // The words of a mailbox provider's name say nothing about whose a box is.
  return (
    ofPerson || kindOfLocal(address.slice(0, at), isFreeMail(domain) ? (host ?? '') : domain) === 'person'
  )
}
