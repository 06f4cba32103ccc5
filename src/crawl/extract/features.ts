import type { FeatureFact, FeatureName, FormFact, TechnologyFact } from '../site-record.ts'
import { type JsonLdNode, textOf } from './json-ld.ts'
import { oneLine, type PageView } from './page-view.ts'
import { newestPost } from './posts.ts'
import { registrableDomain } from './site-identity.ts'

const MAX_ANCHORS = 400
const LONGEST_LINK = 60

/** What the words or address of a link say that the site has. */
const LINKED: [FeatureName, RegExp][] = [
  [
    'legal_notice',
    /mentions?[-_ ]?l[ée]gales?|(?:^|\/)mentions\/?$|legal[-_ ]?notice|impressum|imprint|infos?[-_ ]l[ée]gales|informations?[-_ ]l[ée]gales|aviso[-_ ]legal|note[-_ ]legali/i,
  ],
  [
    'privacy_policy',
    /confidentialit[ée]|privacy|donn[ée]es[-_ ]personnelles|\brgpd\b|\bgdpr\b|vie[-_ ]priv[ée]e|protection[-_ ]des[-_ ]donn[ée]es|datenschutz|privacidad/i,
  ],
  [
    'terms_of_sale',
    /\bcgv\b|conditions[-_ ]g[ée]n[ée]rales[-_ ](?:de[-_ ])?ventes?|terms[-_ ]of[-_ ]sale|conditions[-_ ]de[-_ ]vente|condiciones[-_ ](?:generales[-_ ]de[-_ ])?venta|\bagb\b/i,
  ],
  [
    'cookie_policy',
    /(?:politique|gestion|charte|utilisation)[-_ ](?:des?[-_ ]|relative aux )?cookies|cookie-?policy|cookies?-(?:policy|eu)|cookie-richtlinie|pol[ií]tica[-_ ]de[-_ ]cookies/i,
  ],
  [
    'blog',
    /(?:^|[\s/])(?:blog|actualit[ée]s?|actus?|nos-actus?|news|nos-articles|journal|conseils-et-actualites)(?:[\s/]|$)/i,
  ],
  [
    'jobs',
    /recrut|(?:^|[\s/])(?:emplois?|carri[èe]res?|jobs?|careers?)(?:[\s/]|$)|nous[-_ ]rejoindre|rejoignez[-_ ]nous|offres?[-_ ]d[-_'’ ]?emploi|on recrute|stellenangebote|karriere|trabaja con nosotros|lavora con noi|vacatures|(?:^|\/)join-us/i,
  ],
  [
    'booking',
    /r[ée]server? en ligne|r[ée]servation[-_ ](?:en[-_ ])?ligne|prendre (?:un )?(?:rdv|rendez-vous) en ligne|(?:rdv|rendez-vous) en ligne|book online|book now|r[ée]server une table|r[ée]server maintenant|reservar (?:online|mesa)|termin (?:online )?buchen|online buchen/i,
  ],
  [
    'shop',
    /(?:^|\/)(?:panier|cart|basket|commande|checkout)\/?(?:$|\?)|boutique en ligne|ajouter au panier|voir (?:le|mon) panier/i,
  ],
]
const WORTH_TESTING =
  /l[ée]gal|mention|datens|agb|karri|stellen|join|vacat|lavora|trabaja|buchen|impr|confid|priv|donn|rgpd|gdpr|protec|cg|condit|terms|cooki|blog|actu|news|articl|journal|recrut|empl|carri|job|caree|rejoi|r[ée]serv|rdv|rendez|book|panier|cart|basket|comm|check|bout/i
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
  ticketing: 'booking',
  chat: 'chat',
  consent: 'cookie_banner',
}
const BANNER_MARKS =
  'cookie-banner cookie-notice #cookie-notice #cookie-law-info-bar cookie-law-info-bar cookie-consent #cookie-consent cc-window cc-banner cookiebar #cookiebar #cookie-bar cookie-bar eupopup #eu-cookie eu-cookie #tarteaucitronRoot #sliding-popup cookie-popup cookies-banner #cookies-banner cookieConsent #cookieConsent #cookieChoiceInfo cookie-modal #gdpr-cookie-message gdpr-banner rgpd-banner #rgpd sqs-cookie-banner-v2 #cookie-banner'.split(
    ' ',
  )
const NEWSLETTER_WORD =
  /newsletter|infolettre|lettre d['’]information|abonne|s['’]inscrire|inscrivez|recevez n|restez inform|email-?subscription|subscribe|mailing|mc4wp|mailchimp|list-manage|sibforms|sendinblue|brevo|mailjet|mailpoet|mailerlite/i
const NEWSLETTER_MARK = /newsletter|mc4wp|email-?subscription|mailpoet|tnp-/i
/** What Ghost's readers subscribe by: a script sends it, no form has an action. */
const MEMBER_FORMS = ['data-members-form', 'data-members-email', 'data-portal', 'gh-subscribe']
const ACCOUNT = /login|password|passe|recover|reset|account|compte|connexion|search|recherche/i
/** Words of the link by which a banner is called back. */
const BANNER_CALL =
  /(?:g[ée]rer|gestion|param[èe]tres|pr[ée]f[ée]rences|r[ée]glages|consentement|settings|manage|preferences|einstellungen).{0,20}cookies?|cookies?.{0,12}(?:settings|preferences|einstellungen)|politique (?:des? |relative aux )cookies/i
const BANNER_SCRIPT =
  /[/_.-](?:cookie-?(?:control|consent|banner|notice|law|bar|bubble|choice|compliance|popup)|eu-?cookie|rgpd|gdpr-?cookie)/i
const POLICY_OF_COOKIES = /(?:politique|charte|utilisation) (?:des? |relative aux )cookies|cookie policy/i
const NOTICE_LINE = /^mentions l[ée]gales\b/i
const HIDDEN_FIELD = /^(?:hidden|submit|button|checkbox|radio)$/i

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
  const banner =
    BANNER_MARKS.find((mark) => view.marks.has(mark)) ??
    view.scripts.find((src) => BANNER_SCRIPT.test(src)) ??
    view.anchors.find(({ href, text }) => /^\s*(?:#|javascript:)/i.test(href) && BANNER_CALL.test(text))?.text
  if (banner) keep('cookie_banner', null, 'markup', banner, 0.85)
  fromText(view, keep)
  const ghost = found.technologies.some(({ name }) => name === 'Ghost')
  const member = ghost ? MEMBER_FORMS.find((mark) => view.marks.has(mark)) : undefined
  if (member) keep('newsletter', null, 'markup', member, 0.85)
  for (const form of found.forms) {
    const typed = form.fields.filter((field) => !HIDDEN_FIELD.test(field.type))
    const asksMail = typed.some((field) => field.type === 'email' || /mail/i.test(field.name))
    const small = typed.length <= 3 && !form.hasPassword && typed.every((field) => field.type !== 'textarea')
    if (!asksMail || !small || ACCOUNT.test(form.action)) continue
    const said = `${form.action} ${form.snippet} ${form.fields.map((field) => field.name).join(' ')}`
    const marked = newsletterMark(view)
    if (NEWSLETTER_WORD.test(said)) keep('newsletter', form.action, 'form', form.snippet, 0.88)
    else if (typed.length === 1 && marked) keep('newsletter', form.action, 'markup', marked, 0.82)
  }
  for (const { types, value } of found.jsonLd)
    if (types.includes('JobPosting'))
      keep('jobs', view.url, 'json-ld', textOf(value.title) ?? 'JobPosting', 0.95)
  const post = newestPost(view, found.jsonLd, found.today)
  if (post) {
    keep('last_post', post.day, post.method, post.snippet, post.confidence)
    keep('blog', view.url, post.method, post.snippet, post.confidence - 0.05)
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
    const words = text.length <= LONGEST_LINK ? text : ''
    if (/^\s*(?:javascript:|#)/i.test(href) && POLICY_OF_COOKIES.test(words))
      keep('cookie_policy', null, 'link', words, 0.8)
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

/** A legal notice that stands in a page of another name: its heading, or a paragraph that begins so. */
function fromText(view: PageView, keep: Keep): void {
  for (const line of view.lines) {
    if (!NOTICE_LINE.test(line.text)) continue
    const isHeading = /^h[1-6]$/.test(line.tag) && line.text.length <= LONGEST_LINK
    if (isHeading || /^.{10,40}?[:–—-]\s*\S.{20}/.test(line.text))
      keep('legal_notice', view.url, 'text', line.text, 0.85)
  }
}

function newsletterMark(view: PageView): string | null {
  for (const mark of view.marks) if (NEWSLETTER_MARK.test(mark)) return mark
  return null
}
