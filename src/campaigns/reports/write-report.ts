import { escapeUTF8 } from 'entities'
import { formatDate, formatNumber, type Locale } from '#src/lib/i18n.ts'
import { campaignStateText, reportMessages } from './messages.ts'
import { pauseText } from '../results/reason-text.ts'
import type { CampaignNews, WarmCompany } from './queries-reports.ts'

const CELL = 'padding:6px 10px;border-bottom:1px solid #dddddd;text-align:left;vertical-align:top'
const COLUMNS = [
  'sent',
  'opened',
  'clicked',
  'replied',
  'unsubscribed',
  'bounced',
  'failed',
  'waiting',
] as const

export type ReportContent = { since: Date; until: Date; news: CampaignNews[]; warm: WarmCompany[] }

/** The report as a mail: what happened, who to call, what waits for a decision. */
export const writeReport = (
  content: ReportContent,
  locale: Locale,
): { subject: string; html: string; text: string } => {
  const t = reportMessages(locale)
  const { since, until, news, warm } = content
  const sum = (key: 'sent' | 'replied' | 'clicked') => news.reduce((total, one) => total + one[key], 0)
  const subject = t.subject(sum('sent'), sum('clicked'), sum('replied'))
  const period = t.period(formatDate(locale, since), formatDate(locale, until))
  const decisions = news.flatMap((one) => decisionsOf(one, locale))
  const html = [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escapeUTF8(subject)}</title></head>`,
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5;color:#222222">',
    `<h1 style="font-size:20px">${escapeUTF8(t.title)}</h1><p>${escapeUTF8(period)}</p>`,
    table(news, locale),
    list(t.decide, decisions),
    list(
      t.warm,
      warm.map((one) => warmText(one, locale)),
    ),
    `<p style="font-size:12px;color:#666666">${escapeUTF8(t.why)}</p></body></html>`,
  ].join('\n')
  return { subject, html, text: textOf({ t, period, news, decisions, warm, locale }) }
}

const table = (news: readonly CampaignNews[], locale: Locale): string => {
  const t = reportMessages(locale)
  const head = [t.campaign, ...COLUMNS.map((column) => t[column])]
  const rows = news.map((one) => [
    `<strong>${escapeUTF8(one.name)}</strong><br><span style="color:#666666">${escapeUTF8(campaignStateText(locale, one.state))}</span>`,
    ...COLUMNS.map((column) => formatNumber(locale, one[column])),
  ])
  return [
    '<table style="border-collapse:collapse;margin:12px 0">',
    `<tr>${head.map((text) => `<th style="${CELL}">${escapeUTF8(text)}</th>`).join('')}</tr>`,
    ...rows.map((cells) => `<tr>${cells.map((cell) => `<td style="${CELL}">${cell}</td>`).join('')}</tr>`),
    '</table>',
  ].join('\n')
}

const list = (title: string, items: readonly string[]): string =>
  items.length === 0
    ? ''
    : `<h2 style="font-size:17px">${escapeUTF8(title)}</h2><ul>${items.map((item) => `<li>${escapeUTF8(item)}</li>`).join('')}</ul>`

const decisionsOf = (one: CampaignNews, locale: Locale): string[] => {
  const t = reportMessages(locale)
  const why = one.state === 'paused' ? pauseText(locale, one) : null
  return [
    ...(one.unknown > 0 ? [t.unknown(one.name, one.unknown)] : []),
    ...(why === null ? [] : [t.paused(one.name, why)]),
    ...(one.nobody > 0 ? [t.nobody(one.name, one.nobody)] : []),
  ]
}

const warmText = ({ name, address, replied }: WarmCompany, locale: Locale): string => {
  const t = reportMessages(locale)
  return `${name} (${address}) – ${replied ? t.hasReplied : t.hasClicked}`
}

type Parts = Pick<ReportContent, 'news' | 'warm'> & {
  t: ReturnType<typeof reportMessages>
  period: string
  decisions: string[]
  locale: Locale
}

const textOf = ({ t, period, news, decisions, warm, locale }: Parts): string =>
  [
    t.title,
    period,
    '',
    ...news.flatMap((one) => [
      `${one.name} (${campaignStateText(locale, one.state)})`,
      ...COLUMNS.map((column) => `  ${t[column]}: ${formatNumber(locale, one[column])}`),
      '',
    ]),
    ...(decisions.length > 0 ? [t.decide, ...decisions.map((text) => `- ${text}`), ''] : []),
    ...(warm.length > 0 ? [t.warm, ...warm.map((one) => `- ${warmText(one, locale)}`), ''] : []),
    t.why,
  ].join('\n')
