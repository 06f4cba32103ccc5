import { found, type Finding } from '../finding.ts'
import { isPersonal } from '#src/crawl/contacts/personal-form.ts'
import type { FormFact } from '#src/crawl/site-record.ts'
import { listValue } from '#src/lib/fill-in.ts'
import type { SiteView } from '../site-view.ts'

// Hosts whose addresses name one version of one file for ever: only there can a hash be given.
const FIXED_FILES =
  /^(?:cdnjs\.cloudflare\.com|cdn\.jsdelivr\.net|unpkg\.com|code\.jquery\.com|ajax\.googleapis\.com|ajax\.aspnetcdn\.com|(?:maxcdn|stackpath|netdna)\.bootstrapcdn\.com|use\.fontawesome\.com)$/
const VERSION = /\d+\.\d+/

/** What travels in clear or unchecked: http:// files in https pages, scripts of other hosts, and forms whose content
 *  is sent over http. */
export const checkTransport = (view: SiteView): Finding[] => [
  ...checkMixedContent(view),
  ...checkIntegrity(view),
  ...checkForms(view),
]

const checkMixedContent = ({ pages }: SiteView): Finding[] => {
  const mixed = pages.filter((page) => page.mixedContent.length > 0)
  const first = mixed[0]
  if (!first) return []
  const files = [...new Set(mixed.flatMap((page) => page.mixedContent))]
  return [
    found('mixed-content', {
      pageUrl: first.finalUrl,
      params: { count: files.length, pages: mixed.length, ...listValue('files', files) },
    }),
  ]
}

const checkIntegrity = ({ home }: SiteView): Finding[] => {
  const files = (home?.scriptsWithoutSri ?? []).filter((address) => {
    const url = URL.parse(address)
    return url !== null && FIXED_FILES.test(url.hostname) && VERSION.test(url.pathname)
  })
  if (!home || files.length === 0) return []
  const params = { count: files.length, ...listValue('files', files) }
  return [found('sri-missing', { pageUrl: home.finalUrl, params })]
}

const checkForms = ({ site }: SiteView): Finding[] => {
  const findings: Finding[] = []
  const report = (id: Parameters<typeof found>[0], form: FormFact | undefined) => {
    if (form) findings.push(found(id, { pageUrl: form.pageUrl, params: { target: targetOf(form) } }))
  }
  const clear = site.forms.filter((form) => targetOf(form).startsWith('http:'))
  report(
    'password-over-http',
    clear.find((form) => form.hasPassword) ??
      site.forms.find((form) => form.hasPassword && form.pageUrl.startsWith('http:')),
  )
  report(
    'form-to-http',
    clear.find((form) => !form.hasPassword && form.pageUrl.startsWith('https:') && isPersonal(form)),
  )
  report(
    'personal-form-over-http',
    clear.find((form) => !form.hasPassword && form.pageUrl.startsWith('http:') && isPersonal(form)),
  )
  return findings
}

const targetOf = (form: FormFact): string => URL.parse(form.action || form.pageUrl, form.pageUrl)?.href ?? ''
