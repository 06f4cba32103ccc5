import type { Db } from '#src/db/open.ts'
import type { Clock } from '#src/lib/clock.ts'
import { systemMxResolver, type MxResolver } from '#src/crawl/contacts/check-mx.ts'
import { providerOf } from './provider.ts'
import { readProviders, storeProviders } from './queries-providers.ts'

const AT_ONCE = 24
const QUESTION_MS = 2_500
/** All questions of one call together; what was not answered by then is taken by its name. */
const CALL_MS = 20_000
/** After so many questions in a row without an answer, name servers are not asked any more in this call. */
const SILENT_ENOUGH = 12
const KEPT_MS = 30 * 86_400_000

type Deps = { db: Db; clock: Clock; resolver?: Pick<MxResolver, 'resolveMx'> }

/** Who takes in the mail of each domain (providerOf), as its name servers say; remembered for a month by all nodes. Always
 *  answers for every domain, within 20 s: one that could not be looked up is judged by its name, and looked up again
 *  at the next call. Domains in ASCII; the keys of the answer are lower case. */
export const providersOf = async (deps: Deps, domains: Iterable<string>): Promise<Map<string, string>> => {
  const names = [...new Set([...domains].map((domain) => domain.toLowerCase()))]
  const now = deps.clock.now()
  const known = await readProviders(deps.db, names, new Date(now.getTime() - KEPT_MS))
  const answers = await askAll(
    deps.resolver ?? systemMxResolver(),
    names.filter((name) => !known.has(name)),
  )
  await storeProviders(
    deps.db,
    [...answers].map(([domain, hosts]) => ({ domain, hosts, provider: providerOf(domain, hosts) })),
    now,
  )
  return new Map(names.map((name) => [name, known.get(name) ?? providerOf(name, answers.get(name) ?? null)]))
}

const askAll = async (
  resolver: Pick<MxResolver, 'resolveMx'>,
  domains: string[],
): Promise<Map<string, string[]>> => {
  const answers = new Map<string, string[]>()
  const until = performance.now() + CALL_MS
  let [next, silent] = [0, 0]
  const work = async (): Promise<void> => {
    for (;;) {
      const domain = domains[next++]
      if (domain === undefined || silent >= SILENT_ENOUGH || performance.now() > until) return
      const hosts = await ask(resolver, domain)
      silent = hosts === null ? silent + 1 : 0
      if (hosts !== null) answers.set(domain, hosts)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, domains.length) }, work))
  return answers
}

/** The MX hosts by preference; none when the name servers say so; null when they do not answer. */
const ask = async (resolver: Pick<MxResolver, 'resolveMx'>, domain: string): Promise<string[] | null> => {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), QUESTION_MS)
  const answer = resolver.resolveMx(domain).then(
    (records) =>
      records
        .toSorted((a, b) => a.priority - b.priority)
        .map(({ exchange }) => exchange.toLowerCase())
        .filter((exchange) => exchange !== '' && exchange !== '.'),
    (error: { code?: string }) => (error.code === 'ENODATA' || error.code === 'ENOTFOUND' ? [] : null),
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
