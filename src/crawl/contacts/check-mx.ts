import { Resolver } from 'node:dns/promises'

const DEADLINE_MS = 2_500
const TRY_MS = 1_000
const TRIES = 2
/** After so many questions without an answer, name servers are not asked for a while. */
const SILENT_ENOUGH = 2
const PAUSE_MS = 60_000
const MAX_REMEMBERED = 20_000

/** True: the domain takes mail; false: it says it does not, or does not exist; null: could not be checked. */
export type MxCheck = (domain: string) => Promise<boolean | null>
export type MxResolver = Pick<Resolver, 'resolveMx' | 'resolve4' | 'resolve6'>
/** Where answers are kept; `read` yields undefined for a domain never asked or asked too long ago. */
export type MxMemory = {
  read: (domain: string) => Promise<boolean | undefined>
  write: (domain: string, takesMail: boolean) => Promise<void>
}

/** c-ares: asks name servers only, never the hosts file. */
export const systemMxResolver = (): MxResolver => new Resolver({ timeout: TRY_MS, tries: TRIES })

export const memoryForMx = (): MxMemory => {
  const known = new Map<string, boolean>()
  return {
    read: async (domain) => known.get(domain),
    write: async (domain, takesMail) => {
      if (known.size < MAX_REMEMBERED) known.set(domain, takesMail)
    },
  }
}

/** Asks each domain once whether it takes mail: MX records, else an address record (RFC 5321 §5.1), "." meaning no
 *  (RFC 7505). No mailbox is ever probed. What is not answered in time is not known, and not kept. */
export const createMxCheck = (parts: {
  resolver: MxResolver
  memory: MxMemory
  now: () => Date
}): MxCheck => {
  const { resolver, memory, now } = parts
  const asked = new Map<string, Promise<boolean | null>>()
  let silent = 0
  let pausedUntil = 0

  const ask = async (domain: string): Promise<boolean | null> => {
    const known = await memory.read(domain)
    if (known !== undefined) return known
    if (now().getTime() < pausedUntil) return null
    const answer = await withDeadline(takesMail(domain, resolver))
    silent = answer === null ? silent + 1 : 0
    if (silent >= SILENT_ENOUGH) pausedUntil = now().getTime() + PAUSE_MS
    if (answer !== null) await memory.write(domain, answer)
    return answer
  }

  return (domain) => {
    const name = domain.toLowerCase()
    const running = asked.get(name) ?? ask(name).finally(() => asked.delete(name))
    asked.set(name, running)
    return running
  }
}

const withDeadline = async (answer: Promise<boolean | null>): Promise<boolean | null> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEADLINE_MS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

const takesMail = async (domain: string, resolver: MxResolver): Promise<boolean | null> => {
  const records = await resolver.resolveMx(domain).catch(codeOf)
  if (Array.isArray(records) && records.length > 0)
    return records.some(({ exchange }) => exchange !== '' && exchange !== '.')
  // Bun says of a name without MX records what it says of a name that does not exist.
  if (!Array.isArray(records) && records !== 'ENODATA' && records !== 'ENOTFOUND') return null
  const addresses = await Promise.all([
    resolver.resolve4(domain).catch(codeOf),
    resolver.resolve6(domain).catch(codeOf),
  ])
  if (addresses.some((found) => Array.isArray(found) && found.length > 0)) return true
  const sure = addresses.every(
    (found) => Array.isArray(found) || found === 'ENODATA' || found === 'ENOTFOUND',
  )
  return sure ? false : null
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'UNKNOWN'
