import { parseArgs } from 'node:util'
import { plainEnvironment, type Config } from '#src/config.ts'
import { crawlDocument } from '#src/crawl/crawl-document.ts'
import { createMxCheck, memoryForMx, systemMxResolver } from '#src/crawl/contacts/check-mx.ts'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlSite } from '#src/crawl/site/crawl-site.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { openRenderer } from '#src/crawl/render/open-renderer.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import type { CrawlOutcome, SiteRecord } from '#src/crawl/site-record.ts'
import { systemClock } from '#src/lib/clock.ts'
import { startThreads } from '#src/threads.ts'
import { adminRules } from './admin-rules.ts'
import { json, UsageError, type Command } from './command.ts'

export const crawlCommand: Command = {
  usage: 'crawl URL [--json]',
  summary: 'crawl one site and print what it tells of its company',
  run: async ({ args, config, print }) => {
    const { url, asJson } = readUrl(args, 'crawl')
    const outcome = await crawlOnce(url, config())
    if (!outcome.ok) return printFailure(outcome, asJson, print)
    print(asJson ? json(crawlDocument(outcome.site)) : summaryOf(outcome.site))
    return 0
  },
}

/** The one argument of `crawl` and `analyse`; `example.fr` is taken as `https://example.fr`. */
export const readUrl = (args: string[], command: string): { url: string; asJson: boolean } => {
  const { values, positionals } = parseArgs({
    args,
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  })
  const [given] = positionals
  if (!given || positionals.length > 1) throw new UsageError(`${command} needs one URL`)
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`"${given}" is not a web address`)
  return { url, asJson: values.json ?? false }
}

/** Crawls without database and without DATA_DIR; several may run at once. */
export const crawlOnce = async (url: string, config: Config): Promise<CrawlOutcome> => {
  const threads = startThreads(config.WORKERS, { technologyRules: adminRules(config) })
  const politeness = createPoliteness()
  const renderer = openRenderer(config, plainEnvironment())
  try {
    const { now } = systemClock
    const checkMx = createMxCheck({ resolver: systemMxResolver(), memory: memoryForMx(), now })
    const tools = crawlTools({
      settings: config,
      politeness,
      threads,
      checkMx,
      ...(renderer && { renderer }),
    })
    return await crawlSite(url, standardLimits, { ...tools, now: systemClock.now })
  } finally {
    threads.close()
    await renderer?.close()
    await politeness.close()
  }
}

export const printFailure = (
  outcome: Extract<CrawlOutcome, { ok: false }>,
  asJson: boolean,
  print: (text: string) => void,
): number => {
  print(asJson ? json({ error: outcome.error }) : `${outcome.error.code}: ${outcome.error.message}`)
  return 1
}

/** What a person wants to read at once; everything is in --json. */
export const summaryOf = (site: SiteRecord): string =>
  [
    `${site.finalUrl} — ${site.pages.length} pages in ${(site.durationMs / 1000).toFixed(1)} s`,
    ...site.people.map((person) => `person  ${person.name}${person.role ? `, ${person.role}` : ''}`),
    ...site.emails.map((email) => `email   ${email.value} (${email.kind})  ${email.pageUrl}`),
    ...site.phones.map((phone) => `phone   ${phone.value} (${phone.type})  ${phone.pageUrl}`),
    ...site.companyIds.map((id) => `${id.kind.padEnd(8)}${id.value}`),
    ...site.socials.map((social) => `social  ${social.url}`),
    ...site.technologies.map((technology) =>
      `uses    ${technology.name} ${technology.version ?? ''}`.trimEnd(),
    ),
    ...site.errors.map((error) => `error   ${error.url}: ${error.message}`),
  ].join('\n')
