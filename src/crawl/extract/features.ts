import type { FeatureFact, FeatureName, FormFact, TechnologyFact } from '../site-record.ts'
import { type JsonLdNode, isForeignPath, textOf } from './json-ld.ts'
import { oneLine, type PageView } from './page-view.ts'
import { registrableDomain } from './site-identity.ts'

const MAX_ANCHORS = 400
const NEWEST_DAYS_AHEAD = 2

/** What the words or address of a link say that the site has. */
const LINKED: [FeatureName, RegExp][] = [
  ['legal_notice', /mentions?[-_ ]?l[ée]gales?|legal-?notice|impressum|imprint|infos?[-_ ]l[ée]gales/i],
  [
    'privacy_policy',
    /confidentialit[ée]|privacy|donn[ée]es[-_ ]personnelles|\brgpd\b|\bgdpr\b|vie[-_ ]priv[ée]e|protection[-_ ]des[-_ ]donn[ée]es/i,
  ],
  ['terms_of_sale', /\bcgv\b|conditions[-_ ]g[ée]n[ée]rales[-_ ](?:de[-_ ])?ventes?|terms-of-sale/i],
  [
    'cookie_policy',
    /(?:politique|gestion|charte|utilisation)[-_ ](?:des?[-_ ]|relative aux )?cookies|cookie-?policy|cookies?-(?:policy|eu)/i,
  ],
  [
    'blog',
    /(?:^|[\s/])(?:blog|actualit[ée]s?|actus?|nos-actus?|news|nos-articles|journal|conseils-et-actualites)(?:[\s/]|$)/i,
  ],
  [
    'jobs',
    /recrut|(?:^|[\s/])(?:emplois?|carri[èe]res?|jobs?|careers?)(?:[\s/]|$)|nous[-_ ]rejoindre|rejoignez[-_ ]nous|offres?[-_ ]d[-_'’ ]?emploi|on recrute/i,
  ],
  [
    'booking',
    /r[ée]server? en ligne|r[ée]servation[-_ ](?:en[-_ ])?ligne|prendre (?:un )?(?:rdv|rendez-vous) en ligne|(?:rdv|rendez-vous) en ligne|book online|book now|r[ée]server une table/i,
  ],
  [
    'shop',
    /(?:^|\/)(?:panier|cart|basket|commande|checkout)\/?(?:$|\?)|boutique en ligne|ajouter au panier|voir (?:le|mon) panier/i,
  ],
]
const WORTH_TESTING =
  /l[ée]gal|impr|confid|priv|donn|rgpd|gdpr|protec|cg|condit|terms|cooki|blog|actu|news|articl|journal|recrut|empl|carri|job|caree|rejoi|r[ée]serv|rdv|rendez|book|panier|cart|basket|comm|check|bout/i
const OFF_SITE: Partial<Record<FeatureName, Set<string>>> = {
  booking: new Set(
    'doctolib.fr planity.com treatwell.fr treatwell.com calendly.com thefork.fr thefork.com lafourchette.com zenchef.com guestonline.fr guestonline.io reservit.com amenitiz.io clicrdv.com rdvonline.fr smartagenda.fr mindbodyonline.com bookeo.com fareharbor.com regiondo.fr setmore.com kiute.com salonkee.fr salonkee.lu wavy.co timify.com agendize.com simplybook.it simplybook.me acuityscheduling.com youcanbook.me maiia.com keldoc.com ubiclic.com sevenrooms.com resdiary.com elloha.com ebooking.com secure-hotel-booking.com reservations.com airbnb.fr abritel.fr gites-de-france.com'.split(
      ' ',
    ),
  ),
  jobs: new Set(
    'welcometothejungle.com taleez.com flatchr.io softy.pro digitalrecruiters.com hellowork.com nicoka.com jobaffinity.fr'.split(
      ' ',
    ),
  ),
}
const BY_CATEGORY: Record<string, FeatureName> = {
  ecommerce: 'shop',
  booking: 'booking',
  chat: 'chat',
  consent: 'cookie_banner',
}
const BANNER_MARKS =
  'cookie-banner cookie-notice #cookie-notice #cookie-law-info-bar cookie-law-info-bar cookie-consent #cookie-consent cc-window cc-banner cookiebar #cookiebar #cookie-bar cookie-bar eupopup #eu-cookie eu-cookie #tarteaucitronRoot #sliding-popup cookie-popup cookies-banner #cookies-banner cookieConsent #cookieConsent #cookieChoiceInfo cookie-modal #gdpr-cookie-message gdpr-banner rgpd-banner #rgpd sqs-cookie-banner-v2 #cookie-banner'.split(
    ' ',
  )
const NEWSLETTER_WORD =
  /newsletter|infolettre|lettre d['’]information|abonne|s['’]inscrire|subscribe|mailing|mc4wp|mailchimp|list-manage|sibforms|sendinblue|brevo|mailjet|mailpoet|mailerlite/i
const HIDDEN_FIELD = /^(?:hidden|submit|button|checkbox|radio)$/i
const ARTICLE = /^(?:BlogPosting|NewsArticle|Article)$/

/** What a page shows that its site has: blog and day of the last post, shop, booking, newsletter, chat, job
 *  offers, cookie banner, legal pages. */
export function pageFeatures(
  view: PageView,
  found: { forms: FormFact[]; technologies: TechnologyFact[]; jsonLd: JsonLdNode[]; today: string },
): FeatureFact[] {
  const facts = new Map<FeatureName, FeatureFact>()
  const keep = (
    name: FeatureName,
    value: string | null,
    method: string,
    snippet: string,
    confidence: number,
  ): void => {
    const known = facts.get(name)
    if (known && known.confidence >= confidence) return
    const provenance = { pageUrl: view.url, method, snippet: oneLine(snippet), confidence }
    facts.set(name, { name, present: true, value: value?.slice(0, 500) ?? null, ...provenance })
  }
  fromLinks(view, keep)
  for (const technology of found.technologies) {
    const name = BY_CATEGORY[technology.category]
    if (name) keep(name, technology.name, 'technology', technology.snippet, technology.confidence - 0.02)
  }
  const banner = BANNER_MARKS.find((mark) => view.marks.has(mark))
  if (banner) keep('cookie_banner', null, 'markup', banner, 0.85)
  for (const form of found.forms) {
    const typed = form.fields.filter((field) => !HIDDEN_FIELD.test(field.type))
    const asksMail = typed.some((field) => field.type === 'email' || /mail/i.test(field.name))
    const small = typed.length <= 3 && !form.hasPassword && typed.every((field) => field.type !== 'textarea')
    const said = `${form.action} ${form.snippet} ${form.fields.map((field) => field.name).join(' ')}`
    if (asksMail && small && NEWSLETTER_WORD.test(said))
      keep('newsletter', form.action, 'form', form.snippet, 0.88)
  }
  for (const { types, value, path } of found.jsonLd) {
    if (types.includes('JobPosting'))
      keep('jobs', view.url, 'json-ld', textOf(value.title) ?? 'JobPosting', 0.95)
    if (!types.some((type) => ARTICLE.test(type)) || isForeignPath(path)) continue
    const day = dayOf(textOf(value.datePublished), found.today)
    if (day) lastPost(facts, keep, day, 'json-ld')
  }
  const type = view.metas.find((meta) => meta.name === 'og:type')?.content
  const published = view.metas.find((meta) => meta.name === 'article:published_time')?.content ?? null
  const day = type === 'article' ? dayOf(published, found.today) : null
  if (day) lastPost(facts, keep, day, 'meta')
  if (isBlogPage(view.url))
    for (const time of view.times) {
      const shown = dayOf(time, found.today)
      if (shown) lastPost(facts, keep, shown, 'time')
    }
  return [...facts.values()]
}

type Keep = (
  name: FeatureName,
  value: string | null,
  method: string,
  snippet: string,
  confidence: number,
) => void

function fromLinks(view: PageView, keep: Keep): void {
  for (const anchor of view.anchors.slice(0, MAX_ANCHORS)) {
    const { href, text } = anchor
    const words = text.length <= 60 ? text : ''
    if (!WORTH_TESTING.test(`${href} ${words}`)) continue
    const url = /^(?:mailto|tel|javascript|#)/i.test(href) ? null : URL.parse(href, view.base)
    if (!url || !/^https?:$/.test(url.protocol)) continue
    if (registrableDomain(url.hostname) !== registrableDomain(view.siteHost) && url.host !== view.siteHost) {
      const domain = registrableDomain(url.hostname) ?? ''
      for (const name of ['booking', 'jobs'] as const)
        if (OFF_SITE[name]!.has(domain)) keep(name, url.href, 'link', `${words} ${url.href}`, 0.92)
      continue
    }
    const path = url.pathname + url.search
    for (const [name, pattern] of LINKED)
      if (pattern.test(path) || pattern.test(words)) keep(name, url.href, 'link', `${words} ${url.href}`, 0.9)
  }
}

const isBlogPage = (url: string): boolean =>
  /\/(?:blog|actualites?|actus?|news|articles?|journal)(?:\/|$|\?)/i.test(URL.parse(url)?.pathname ?? '')

function lastPost(facts: Map<FeatureName, FeatureFact>, keep: Keep, day: string, method: string): void {
  const known = facts.get('last_post')
  if (known?.value && known.value >= day) return
  facts.delete('last_post')
  keep('last_post', day, method, day, 0.9)
}

/** YYYY-MM-DD of a written date, or null when there is none or it lies ahead. */
export function dayOf(text: string | null, today: string): string | null {
  const time = text && /\d{4}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time) || time < Date.UTC(1995, 0, 1)) return null
  const latest = Date.parse(today) + NEWEST_DAYS_AHEAD * 86_400_000
  return time > latest ? null : new Date(time).toISOString().slice(0, 10)
}
