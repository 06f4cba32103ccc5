import { analysisDocument } from '#src/scoring/analysis-document.ts'
import { systemClock } from '#src/lib/clock.ts'
import { json, type Command } from './command.ts'
import { crawlOnce, printFailure, readUrl, summaryOf } from './crawl.ts'

export const analyseCommand: Command = {
  usage: 'analyse URL [--json]',
  summary: 'crawl one site and print what is weak about it, with its score',
  run: async ({ args, config, print }) => {
    const { url, asJson } = readUrl(args, 'analyse')
    const outcome = await crawlOnce(url, config())
    if (!outcome.ok) return printFailure(outcome, asJson, print)
    const document = analysisDocument(outcome.site, systemClock.now())
    if (asJson) {
      print(json(document))
      return 0
    }
    print(summaryOf(outcome.site))
    for (const finding of document.findings)
      print(`${finding.severity.padEnd(9)}${finding.id}: ${finding.evidence}  ${finding.pageUrl}`)
    print(`score ${document.score.value} (${document.score.level})`)
    for (const { points, reason, evidence } of document.score.points)
      print(`${String(points).padStart(4)}  ${reason} — ${evidence}`)
    return 0
  },
}
