import type { Db } from '#src/db/open.ts'
import { chooseAddresses } from './choose-addresses.ts'
import {
  forgetChanges,
  holdJudging,
  readAddressSources,
  readChanged,
  readMailDomains,
  replaceAddresses,
} from './queries-addresses.ts'
import { refreshBlocks } from './refresh-blocks.ts'

const COMPANIES_AT_ONCE = 1_000

/** Judges the addresses anew of every company that changed since, at most `most` of them; returns how many. Who said no or
 *  bounced since is always known then. Whoever
 *  counts or lists an audience calls this first; a job does it meanwhile, so that there is little left. Several nodes may
 *  call it at once: one works, the others wait and find the rest. */
export const refreshAddresses = async (db: Db, most = Infinity): Promise<number> => {
  await refreshBlocks(db)
  let done = 0
  while (done < most) {
    const judged = await refreshSome(db)
    if (judged === 0) break
    done += judged
  }
  return done
}

const refreshSome = async (db: Db): Promise<number> => {
  // Mostly there is nothing: then nobody waits for the lock.
  if ((await readChanged(db, 1)).length === 0) return 0
  return db.transaction(async (tx) => {
    await holdJudging(tx)
    const companyIds = await readChanged(tx, COMPANIES_AT_ONCE)
    if (companyIds.length === 0) return 0
    // Forgotten before they are read: a change that comes in between is noted by itself.
    await forgetChanges(tx, companyIds)
    const sources = await readAddressSources(tx, companyIds)
    const known = await readMailDomains(tx, domainsOf(sources))
    const judged = sources.map((source) => ({
      companyId: source.companyId,
      addresses: chooseAddresses(source, (domain) => known.get(domain) ?? null),
    }))
    await replaceAddresses(tx, companyIds, judged)
    return companyIds.length
  })
}

const domainsOf = (sources: Awaited<ReturnType<typeof readAddressSources>>): string[] => [
  ...new Set(
    sources.flatMap(({ facts, known }) =>
      [...facts.emails.map(({ value }) => value), known.email ?? '', known.contactEmail ?? ''].map((value) =>
        value.slice(value.lastIndexOf('@') + 1).toLowerCase(),
      ),
    ),
  ),
]
