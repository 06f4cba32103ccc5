import type { FeatureFact, FeatureName, FormFact, TechnologyFact } from '../site-record.ts'
import { type JsonLdNode, textOf } from './json-ld.ts'
import { oneLine, type PageView } from './page-view.ts'
import { newestPost } from './posts.ts'
import { socialProfile } from './socials.ts'
import { SAYS_HOST } from './word-spots.ts'
import { registrableDomain } from './site-identity.ts'

const MAX_ANCHORS = 400
const LONGEST_LINK = 60

/** What the words or address of a link say that the site has. */
const LINKED: [FeatureName, RegExp][] = [
  [
    'legal_notice',
    /mentions?[-_ ]?l[ée]gales?|(?:^|[\s/-])mentions\/?$|legal[-_ ]?notice|impressum|imprint|infos?[-_ ]l[ée]gales|informations?[-_ ]l[ée]gales|aviso[-_ ]legal|note[-_ ]legali/i,
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
const ELSEWHERE = new RegExp(
  Object.values(OFF_SITE)
    .flatMap((domains) => [...domains].map((domain) => domain.replaceAll('.', '\\.')))
    .join('|'),
)
/** The words of a link that leads to a booking engine, whoever runs it */
const BOOKS_ELSEWHERE =
  /^(?:r[ée]server?(?: (?:en ligne|maintenant|votre|une|un|mon|ma)\b.{0,30})?|r[ée]servations? en ligne|prendre (?:un )?(?:rdv|rendez-vous)(?: en ligne)?|book (?:now|online|a table|your stay)|prenota(?: ora| online)?|reservar(?: ahora| online)?|(?:jetzt|online) (?:buchen|reservieren)|boek (?:nu|online)|rdv en ligne)$/i
const BOOKING_FIELD = /arriv|depart|check-?_?in|check-?_?out|d[ée]but|nuit|date/i
const BOOKING_ACTION = /r[ée]serv|book|rdv|rendez|prenot|buchung/i
const CART_ACTION =
  /\/(?:panier|cart|basket|checkout|add-to-cart|warenkorb|carrello|carrito)(?:[/?]|$)|controller=cart|add-to-cart/i
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
const NOTICE_LINE = /^(?:\W*\d*[.)]?\s*)mentions l[ée]gales\b/i
/** A legal notice without its name: number and host in one paragraph */
const NOTICE_TEXT = /\b(?:siret|siren|rcs|r\.c\.s)\b[^\n]*h[ée]berg(?:eur|ement|é)/i
const HIRES =
  /^(?:nous (?:recrutons|engageons|embauchons)|on (?:recrute|embauche)|wir stellen ein|we(?:['’]re| are) hiring)(?!\p{L})/iu
/** Policies that stand as a part of another page */
const HEADED: [FeatureName, RegExp][] = [
  [
    'privacy_policy',
    /^(?:\W*[\dIVX]*[.)]?\s*)(?:politique de (?:confidentialit|protection|vie)|(?:protection|traitement|gestion) (?:des|de vos) donn[ée]es|(?:vos )?donn[ée]es personnelles|donn[ée]es [àa] caract[èe]re|rgpd|confidentialit[ée]|vie priv[ée]e|privacy|datenschutz|informativa (?:sulla )?privacy|pol[íi]tica de privacidad|protecci[óo]n de datos|privacybeleid|privacyverklaring)/i,
  ],
  [
    'terms_of_sale',
    /^(?:\W*[\dIVX]*[.)]?\s*)(?:conditions g[ée]n[ée]rales (?:de )?ventes?|cgv\b|agb\b|allgemeine gesch[äa]ftsbedingungen|terms (?:and conditions )?of sale|condizioni (?:generali )?di vendita|condiciones (?:generales )?de venta|algemene (?:verkoop)?voorwaarden)/i,
  ],
  [
    'cookie_policy',
    /^(?:\W*[\dIVX]*[.)]?\s*)(?:politique (?:des?|relative aux|en mati[èe]re de) cookies|cookie policy|cookie-richtlinie|pol[íi]tica de cookies|cookiebeleid)/i,
  ],
]
const BANNER_TEXT =
  /(?:ce site|notre site|nous|we|this (?:web)?site|diese (?:web)?seite|questo sito|este sitio|deze (?:web)?site).{0,40}(?:utilis|use|verwendet|utilizza|gebruikt).{0,40}cookies|(?:utilisons|accepter) (?:des|les) cookies/i
const BANNER_ANSWER =
  /^(?:tout |all |alle |je )?(?:accepte[rz]?|accept|ok|refuse[rz]?|reject|decline|j['’]ai compris|compris|d['’]accord|continuer|got it|i agree|akzeptieren|zustimmen|accetta|rifiuta|aceptar|rechazar|accepteren|personnaliser)(?:\s\p{L}+){0,2}$/iu
const BANNER_LINES = 5
const BANNER_NAME =
  /cookie[-_s]*(?:banner|notice|consent|bar|popup|pop-up|modal|law|alert|box|overlay|dialog|message|info|disclaimer|layer|hint|wall|warning|accept|bandeau)|(?:banner|notice|consent|bandeau|popup|alert|modal|banniere|message|avertissement)[-_]?cookies?/i
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
    bannerName(view) ??
    bannerText(view) ??
    view.scripts.find((src) => BANNER_SCRIPT.test(src)) ??
    view.anchors.find(({ href, text }) => /^\s*(?:#|javascript:)/i.test(href) && BANNER_CALL.test(text))?.text
  if (banner) keep('cookie_banner', null, 'markup', banner, 0.85)
  fromText(view, keep)
  const ghost = found.technologies.some(({ name }) => name === 'Ghost')
  const member = ghost ? MEMBER_FORMS.find((mark) => view.marks.has(mark)) : undefined
  if (member) keep('newsletter', null, 'markup', member, 0.85)
  for (const form of found.forms) {
    if (CART_ACTION.test(form.action)) keep('shop', form.action, 'form', form.action, 0.88)
    const days = form.fields.filter(
      ({ type, name }) => /^(?:date|datetime-local)$/.test(type) || BOOKING_FIELD.test(name),
    )
    if (days.length >= 2 || (days.length === 1 && BOOKING_ACTION.test(form.action)))
      keep('booking', form.action, 'form', form.snippet || form.action, 0.8)
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
    const elsewhere = ELSEWHERE.test(href)
    if (!elsewhere && !WORTH_TESTING.test(`${href} ${words}`)) continue
    const url = /^(?:mailto|tel|javascript|#)/i.test(href) ? null : URL.parse(href, view.base)
    if (!url || !/^https?:$/.test(url.protocol)) continue
    if (registrableDomain(url.hostname) !== registrableDomain(view.siteHost) && url.host !== view.siteHost) {
      const domain = registrableDomain(url.hostname) ?? ''
      for (const name of ['booking', 'jobs'] as const)
        if (OFF_SITE[name]!.has(domain)) keep(name, url.href, 'link', `${words} ${url.href}`, 0.92)
      if (anchor.tag === 'a' && BOOKS_ELSEWHERE.test(words) && !socialProfile(url.href))
        keep('booking', url.href, 'link', `${words} ${url.href}`, 0.85)
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
    const isHeading = /^h[1-6]$/.test(line.tag) && line.text.length <= LONGEST_LINK
    if (isHeading)
      for (const [name, pattern] of HEADED)
        if (pattern.test(line.text)) keep(name, view.url, 'text', line.text, 0.8)
    if (line.hints & SAYS_HOST && NOTICE_TEXT.test(line.text.slice(0, 1_000)))
      keep('legal_notice', view.url, 'text', line.text, 0.7)
    if (line.text.length < 300 && HIRES.test(line.text)) keep('jobs', view.url, 'text', line.text, 0.75)
    if (!NOTICE_LINE.test(line.text)) continue
    if (isHeading || /^.{10,40}?[:–—-]\s*\S.{20}/.test(line.text))
      keep('legal_notice', view.url, 'text', line.text, 0.85)
  }
}

function bannerName(view: PageView): string | undefined {
  for (const mark of view.marks) if (/cookie/i.test(mark) && BANNER_NAME.test(mark)) return mark
  return undefined
}

/** "Ce site utilise des cookies" with the button that answers it. */
function bannerText(view: PageView): string | undefined {
  if (!view.lower.includes('cookie')) return undefined
  const at = view.lines.findIndex(
    ({ text }) => text.length < 600 && text.includes('ookie') && BANNER_TEXT.test(text),
  )
  if (at < 0) return undefined
  const near = (line: number): boolean => line >= at - 1 && line <= at + BANNER_LINES
  const answered =
    view.lines.slice(at, at + BANNER_LINES).some(({ text }) => BANNER_ANSWER.test(text)) ||
    view.anchors.some(({ line, text }) => near(line) && BANNER_ANSWER.test(text))
  return answered ? view.lines[at]!.text : undefined
}

function newsletterMark(view: PageView): string | null {
  for (const mark of view.marks) if (NEWSLETTER_MARK.test(mark)) return mark
  return null
}
