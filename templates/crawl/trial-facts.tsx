import type { Child } from 'hono/jsx'
import type { SiteFacts } from '#src/crawl/extract/merge-facts.ts'
import type {
  AddressFact,
  CompanyProfile,
  EmailFact,
  PersonFact,
  Provenance,
} from '#src/crawl/site-record.ts'
import { quotationMarks, type Locale } from '#src/lib/i18n.ts'
import { emailKindText } from '#templates/companies/messages.ts'
import { readableAddress, readableCompanyId, readablePhone } from '#templates/companies/readable.ts'
import { OutsideLink } from '#templates/components/outside-link.tsx'
import type { PageContext } from '#templates/page.ts'
import { highlight } from './highlight.ts'
import { crawlMessages, phoneTypeText } from './messages.ts'
import { methodText } from './method-messages.ts'
import { networkName } from './network-names.ts'
import { categoryText } from './site-messages.ts'
import { featureText, trialMessages } from './trial-messages.ts'

const SHOWN = 40

export type ShownFacts = Pick<
  SiteFacts,
  | 'emails'
  | 'suggestedEmails'
  | 'phones'
  | 'people'
  | 'addresses'
  | 'companyIds'
  | 'socials'
  | 'technologies'
  | 'features'
  | 'company'
>

type Line = {
  value: Child
  details: string
  seen: Provenance
  /** As it may stand in the snippet. */
  words?: string[]
}
type Group = { title: string; lines: Line[] }

/** Everything found, grouped, each with where it was seen, how it was read and how sure that is. */
export const TrialFacts = ({
  page,
  facts,
  live,
}: {
  page: PageContext
  facts: ShownFacts | null
  live: boolean
}) => {
  const t = trialMessages(page.locale)
  const groups = facts ? groupsOf(page.locale, facts).filter(({ lines }) => lines.length > 0) : []
  if (groups.length === 0) return <p class="text-secondary">{live ? t.nothingYet : t.nothing}</p>
  return (
    <>
      {groups.map((group) => (
        <FactTable page={page} group={group} />
      ))}
    </>
  )
}

const groupsOf = (locale: Locale, facts: ShownFacts): Group[] => {
  const names = crawlMessages(locale)
  const t = trialMessages(locale)
  return [
    { title: names.email, lines: facts.emails.map((email) => emailLine(locale, email)) },
    { title: names.phone, lines: facts.phones.map((phone) => phoneLine(locale, phone)) },
    { title: names.person, lines: facts.people.map(personLine) },
    { title: names.address, lines: facts.addresses.map((address) => addressLine(locale, address)) },
    {
      title: names.company_id,
      lines: facts.companyIds.map((id) => ({
        value: readableCompanyId(locale, `${id.kind}:${id.value}`),
        details: '',
        seen: id,
        words: [id.value],
      })),
    },
    { title: t.company, lines: profileLines(locale, facts.company) },
    {
      title: names.social,
      lines: facts.socials.map((social) => ({
        value: <OutsideLink url={social.url} />,
        details: networkName(social.network),
        seen: social,
      })),
    },
    { title: names.suggested_email, lines: facts.suggestedEmails.map((email) => emailLine(locale, email)) },
    {
      title: t.technologies,
      lines: facts.technologies.map((one) => ({
        value: [one.name, one.version].filter(Boolean).join(' '),
        details: categoryText(locale, one.category),
        seen: one,
      })),
    },
    {
      title: t.features,
      lines: facts.features.map((one) => ({
        value: featureText(locale, one.name),
        details: one.present ? (one.value && !URL.canParse(one.value) ? one.value : '') : t.missing,
        seen: one,
      })),
    },
  ]
}

const emailLine = (locale: Locale, email: EmailFact): Line => ({
  value: email.value,
  details: [
    emailKindText(locale, email.kind),
    email.person,
    email.quality === undefined ? null : trialMessages(locale).quality(email.quality),
  ]
    .filter(Boolean)
    .join(' · '),
  seen: email,
  words: [email.value],
})

const phoneLine = (locale: Locale, phone: SiteFacts['phones'][number]): Line => ({
  value: readablePhone(phone.value),
  details: [phoneTypeText(locale, phone.type), phone.kind && phoneTypeText(locale, phone.kind)]
    .filter(Boolean)
    .join(' · '),
  seen: phone,
  words: [phone.value, phone.raw],
})

const personLine = (person: PersonFact): Line => ({
  value: person.name,
  details: [person.role, person.email, person.phone && readablePhone(person.phone)]
    .filter(Boolean)
    .join(' · '),
  seen: person,
  words: [person.name],
})

const addressLine = (locale: Locale, address: AddressFact): Line => ({
  value: readableAddress(
    locale,
    [address.street, address.postalCode, address.city, address.country].filter(Boolean).join(', '),
  ),
  details: '',
  seen: address,
  words: [address.street ?? '', address.postalCode ?? ''].filter(Boolean),
})

const profileLines = (locale: Locale, company: CompanyProfile): Line[] => {
  const t = trialMessages(locale)
  const line = (name: string, told: (Provenance & { value: string | number }) | null): Line[] =>
    told
      ? [
          {
            value: typeof told.value === 'number' ? euros(locale, told.value) : told.value,
            details: name,
            seen: told,
          },
        ]
      : []
  return [
    ...line(t.legalForm, company.legalForm),
    ...line(t.capital, company.capital),
    ...line(t.director, company.director),
    ...line(t.host, company.host),
    ...company.openingHours.flatMap((told) => line(t.openingHours, told)),
    ...company.languages.flatMap((told) =>
      line(t.languages, { ...told, value: languageName(locale, told.value) }),
    ),
  ]
}

const euros = (locale: Locale, value: number): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).format(
    value,
  )

const languageName = (locale: Locale, code: string): string => {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

const FactTable = ({ page, group }: { page: PageContext; group: Group }) => {
  const { locale } = page
  const names = crawlMessages(locale)
  const t = trialMessages(locale)
  const quotes = quotationMarks(locale)
  const rest = group.lines.length - SHOWN
  return (
    <section class="mb-4">
      <h3>{group.title}</h3>
      <table class="table table-vcenter table-mobile-md tried-facts">
        <thead>
          <tr>
            <th>{names.value}</th>
            <th>{names.seenOn}</th>
            <th>{names.confidence}</th>
          </tr>
        </thead>
        <tbody>
          {group.lines.slice(0, SHOWN).map(({ value, details, seen, words }) => (
            <tr>
              <td data-label={names.value}>
                <div class="text-break-all" data-foreign>
                  {value}
                </div>
                {details && (
                  <div class="text-secondary small text-break-all" data-foreign>
                    {details}
                  </div>
                )}
              </td>
              <td data-label={names.seenOn}>
                <OutsideLink url={seen.pageUrl} />
                {seen.snippet && (
                  <div class="text-secondary small text-break-all" data-foreign>
                    {quotes.open}
                    <Snippet text={seen.snippet} words={words} />
                    {quotes.close}
                  </div>
                )}
                <div class="small">{t.how(methodText(locale, seen.method))}</div>
              </td>
              <td data-label={names.confidence}>
                <progress max="100" value={Math.round(seen.confidence * 100)} aria-label={names.confidence} />
                <span class="small">
                  {new Intl.NumberFormat(locale, { style: 'percent' }).format(seen.confidence)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p class="text-secondary">{t.more(rest)}</p>}
    </section>
  )
}

const Snippet = ({ text, words = [] }: { text: string; words?: string[] | undefined }) => {
  const { before, found, after } = highlight(text, words)
  return (
    <>
      {before}
      {found !== null && <mark>{found}</mark>}
      {after}
    </>
  )
}
