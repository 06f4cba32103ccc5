import type { SiteRecord } from '#src/crawl/site-record.ts'
import { messageOf } from '#src/lib/errors.ts'
import { analyseSite } from './analyse-site.ts'
import type { Finding } from './finding.ts'
import { gradeSite, type Grades } from './grade-site.ts'
import { cmsOf, weaknessesOf, type Weakness } from './summarise.ts'

/** `now` is an ISO time: the thread has no clock of its own. */
export type AnalyseInput = { site: SiteRecord; now: string }
export type AnalyseResult = {
  findings: Finding[]
  grades: Grades
  weaknesses: Weakness[]
  cms: string | null
}

/** Everything the analysis makes of one crawl; the same with and without a thread. */
export const runAnalysis = ({ site, now }: AnalyseInput): AnalyseResult => {
  const findings = analyseSite(site, new Date(now))
  return { findings, grades: gradeSite(findings, site), weaknesses: weaknessesOf(findings), cms: cmsOf(site) }
}

if (!Bun.isMainThread) {
  addEventListener('message', ({ data }: MessageEvent<{ id: number; input: AnalyseInput }>) => {
    try {
      postMessage({ id: data.id, ok: true, result: runAnalysis(data.input) })
    } catch (error) {
      postMessage({ id: data.id, ok: false, message: messageOf(error) })
    }
  })
}
