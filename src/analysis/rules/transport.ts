import { found, type Finding } from '../finding.ts'
import { listed, type SiteView } from '../site-view.ts'
import type { FormFact } from '#src/crawl/site-record.ts'

const PERSONAL_FIELD = /mail|tel|phone|nom|name|prenom|adresse|address|message/i
const PERSONAL_TYPE = new Set(['email', 'tel', 'textarea'])

/** What travels in clear: http:// files in https pages, and forms whose content is sent over http. */
export const checkTransport = (view: SiteView): Finding[] => [...checkMixedContent(view), ...checkForms(view)]

const checkMixedContent = ({ pages }: SiteView): Finding[] => {
  const mixed = pages.filter((page) => page.mixedContent.length > 0)
  const first = mixed[0]
  if (!first) return []
  const files = [...new Set(mixed.flatMap((page) => page.mixedContent))]
  return [
    found('mixed-content', {
      evidence: `loaded over http from an https page: ${listed(files)}`,
      pageUrl: first.finalUrl,
      params: { count: files.length, pages: mixed.length },
    }),
  ]
}

const checkForms = ({ site }: SiteView): Finding[] => {
  const findings: Finding[] = []
  const report = (
    id: Parameters<typeof found>[0],
    form: FormFact | undefined,
    say: (target: string) => string,
  ) => {
    if (!form) return
    const target = targetOf(form)
    findings.push(found(id, { evidence: say(target), pageUrl: form.pageUrl, params: { target } }))
  }
  const clear = site.forms.filter((form) => targetOf(form).startsWith('http:'))
  report(
    'password-over-http',
    clear.find((form) => form.hasPassword) ??
      site.forms.find((form) => form.hasPassword && form.pageUrl.startsWith('http:')),
    (target) => `a password form is shown or sent over http (${target})`,
  )
  report(
    'form-to-http',
    clear.find((form) => !form.hasPassword && form.pageUrl.startsWith('https:') && isPersonal(form)),
    (target) => `a form of an https page is sent to ${target}`,
  )
  report(
    'personal-form-over-http',
    clear.find((form) => !form.hasPassword && form.pageUrl.startsWith('http:') && isPersonal(form)),
    (target) => `a form asking for personal details is sent to ${target}`,
  )
  return findings
}

const targetOf = (form: FormFact): string => URL.parse(form.action || form.pageUrl, form.pageUrl)?.href ?? ''

/** True when a form asks for more than a search term. */
export const isPersonal = (form: Pick<FormFact, 'fields'>): boolean =>
  form.fields.some(
    (field) => PERSONAL_TYPE.has(field.type.toLowerCase()) || PERSONAL_FIELD.test(field.name),
  ) && !form.fields.every((field) => /^(hidden|submit|search)$/i.test(field.type))
