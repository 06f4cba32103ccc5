import { catalogue, plural, type Locale } from '#src/lib/i18n.ts'
import { fillIn, fillPlain, hasAll, type Values as Params } from '#src/lib/fill-in.ts'
import { namedValues } from './messages.ts'

type Template = string | ((params: Params) => string)

const refusedFr = ({ issuer }: Params) =>
  `certificat de {host} refusé : {problem}${issuer ? ', émis par {issuer}' : ''}`
const refusedEn = ({ issuer }: Params) =>
  `certificate of {host} refused: {problem}${issuer ? ', issued by {issuer}' : ''}`
const endedFr = ({ date, atLatest }: Params) =>
  date === '?'
    ? '{software} : n’est plus maintenu ({source})'
    : `{software} : support terminé ${atLatest ? 'au plus tard ' : ''}le {date} ({source})`
const endedEn = ({ date, atLatest }: Params) =>
  date === '?'
    ? '{software}: no longer maintained ({source})'
    : `{software}: support ended ${atLatest ? 'by ' : ''}{date} ({source})`
const headerFr = 'pas d’en-tête {header} sur la page d’accueil'
const headerEn = 'no {header} header on the home page'
const announcedFr = 'annoncé à chaque visiteur : {raw}'
const announcedEn = 'announced to every visitor: {raw}'
const titleFr = 'titre de la page d’accueil ({length} caractères) : {title}'
const titleEn = 'home page title ({length} characters): {title}'
const descriptionFr = 'description de {length} caractères : {description}'
const descriptionEn = 'meta description of {length} characters: {description}'

/** What was seen, by rule: a template filled from the finding's params, or a function that chooses one. */
export const evidenceTexts = catalogue({
  fr: {
    'tls-none': 'les pages de {host} arrivent en http, sans chiffrement',
    'tls-expired': ({ date }: Params) =>
      date === '?' ? 'le certificat a expiré' : 'certificat expiré le {date}',
    'tls-name-mismatch': refusedFr,
    'tls-self-signed': refusedFr,
    'tls-incomplete-chain': refusedFr,
    'tls-broken': refusedFr,
    'tls-expires-soon': ({ days }: Params) =>
      `le certificat expire le {date}, dans {days} ${plural('fr', Number(days), 'jour', 'jours')}`,
    'tls-old-protocol': 'connexion établie en {protocol}',
    'http-not-redirected': 'http://{host} répond sans envoyer les visiteurs vers https',
    'hsts-missing': ({ value }: Params) =>
      value ? 'Strict-Transport-Security sans effet : {value}' : 'pas d’en-tête Strict-Transport-Security',
    'hsts-short': ({ days }: Params) =>
      `Strict-Transport-Security vaut pour {days} ${plural('fr', Number(days), 'jour', 'jours')}`,
    'csp-missing': headerFr,
    'csp-weak': ({ sources }: Params) =>
      sources ? 'scripts admis depuis {sources}' : 'la politique ne limite pas les scripts',
    'frame-protection-missing': 'ni X-Frame-Options ni frame-ancestors sur la page d’accueil',
    'nosniff-missing': headerFr,
    'referrer-policy-missing': headerFr,
    'permissions-policy-missing': headerFr,
    'cookie-without-secure': 'cookies sans Secure : {names}',
    'cookie-without-httponly': 'cookies sans HttpOnly : {names}',
    'cookie-without-samesite': 'cookies sans SameSite : {names}',
    'mixed-content': 'chargés en http depuis une page https : {files}',
    'sri-missing': 'scripts pris ailleurs sans contrôle d’intégrité : {files}',
    'password-over-http': 'formulaire à mot de passe affiché ou envoyé en http ({target})',
    'form-to-http': 'un formulaire d’une page https est envoyé à {target}',
    'personal-form-over-http': 'un formulaire de données personnelles est envoyé à {target}',
    'server-version-disclosed': announcedFr,
    'platform-version-disclosed': announcedFr,
    'cms-version-disclosed': announcedFr,
    'php-end-of-life': endedFr,
    'cms-end-of-life': endedFr,
    'library-end-of-life': endedFr,
    'server-end-of-life': endedFr,
    'broken-pages': 'pages liées en erreur : {addresses}',
    'redirect-chain': '{hops} redirections : {chain}',
    'flash-used': 'contenu Flash : {script}',
    'editor-discontinued': 'fait avec {software} (abandonné le {date}) : {snippet}',
    'old-layout': 'balises d’un autre âge : {marks}',
    'copyright-old': 'dernière année de copyright sur le site : {year}',
    parked: 'page d’attente : {marker}',
    'home-error': 'la page d’accueil répond {status}',
    'no-contact': ({ pages }: Params) =>
      `ni adresse e-mail, ni téléphone, ni formulaire de contact sur ${plural('fr', Number(pages), 'la page lue', 'les {pages} pages lues')}`,
    'viewport-missing': ({ pages }: Params) =>
      `pas de réglage pour les téléphones (viewport) sur la page d’accueil ({count} sur {pages} ${plural('fr', Number(pages), 'page lue', 'pages lues')})`,
    'viewport-fixed': 'viewport « {viewport} »',
    'zoom-disabled': 'viewport « {viewport} »',
    'needs-browser': ({ length }: Params) =>
      `la page d’accueil contient {length} ${plural('fr', Number(length), 'caractère', 'caractères')} de texte avant ses scripts`,
    'title-missing': 'la page d’accueil n’a pas de titre',
    'title-generic': titleFr,
    'title-short': titleFr,
    'title-long': titleFr,
    'title-duplicate': '{count} pages partagent le titre « {text} » : {paths}',
    'description-missing': 'la page d’accueil n’a pas de meta description',
    'description-short': descriptionFr,
    'description-long': descriptionFr,
    'description-duplicate': '{count} pages partagent la description « {text} » : {paths}',
    'h1-missing': 'la page d’accueil n’a pas de titre principal (h1)',
    'h1-several': '{count} titres principaux sur la page d’accueil : {headings}',
    'images-without-alt': ({ count }: Params) =>
      `{count} ${plural('fr', Number(count), 'image', 'images')} sur {total} ({percent} %) sans texte alternatif`,
    'lang-missing': 'pas d’attribut lang sur l’élément html de la page d’accueil',
    'canonical-missing': 'pas d’adresse canonique sur la page d’accueil',
    'canonical-other-site': 'la page d’accueil désigne {address} comme son original',
    'noindex-home': 'page d’accueil avec {where} « {value} »',
    'robots-disallow-all': 'robots.txt interdit tout le site',
    'robots-txt-missing': ({ status }: Params) =>
      Number(status) < 400 ? 'robots.txt est une page web' : 'robots.txt répond {status}',
    'sitemap-missing': 'pas de plan du site dans robots.txt ni aux adresses habituelles',
    'open-graph-missing': 'manque sur la page d’accueil : {missing}',
    'slow-response': ({ pages }: Params) =>
      `premier octet après {ms} ms (${plural('fr', Number(pages), '{pages} page mesurée', 'médiane de {pages} pages')})`,
    'heavy-html': ({ truncated }: Params) =>
      truncated ? 'plus de {kilobytes} ko de HTML' : '{kilobytes} ko de HTML',
    'no-compression': ({ count }: Params) =>
      `{count} ${plural('fr', Number(count), 'page', 'pages')} sur {pages} ${plural('fr', Number(count), 'envoyée', 'envoyées')} sans compression`,
    'caching-forbidden': 'Cache-Control: {control}',
    'caching-undefined': 'aucun en-tête Cache-Control, Expires, ETag ou Last-Modified',
    'many-files': '{scripts} scripts et {sheets} feuilles de style sur la page d’accueil',
    'legal-notice-missing': ({ pages }: Params) =>
      `ni mentions légales ni numéro d’entreprise sur ${plural('fr', Number(pages), 'la page lue', 'les {pages} pages lues')}`,
    'privacy-page-missing': ({ pages }: Params) =>
      `un formulaire demande des données personnelles et ${plural('fr', Number(pages), 'la page lue ne parle pas', 'aucune des {pages} pages lues ne parle')} de confidentialité`,
  },
  en: {
    'tls-none': 'the pages of {host} come over http, without encryption',
    'tls-expired': ({ date }: Params) =>
      date === '?' ? 'certificate has expired' : 'certificate expired {date}',
    'tls-name-mismatch': refusedEn,
    'tls-self-signed': refusedEn,
    'tls-incomplete-chain': refusedEn,
    'tls-broken': refusedEn,
    'tls-expires-soon': ({ days }: Params) =>
      `certificate expires {date}, in {days} ${plural('en', Number(days), 'day', 'days')}`,
    'tls-old-protocol': 'connection made with {protocol}',
    'http-not-redirected': 'http://{host} answers without sending visitors to https',
    'hsts-missing': ({ value }: Params) =>
      value ? 'Strict-Transport-Security without effect: {value}' : 'no Strict-Transport-Security header',
    'hsts-short': ({ days }: Params) =>
      `Strict-Transport-Security holds for {days} ${plural('en', Number(days), 'day', 'days')}`,
    'csp-missing': headerEn,
    'csp-weak': ({ sources }: Params) =>
      sources ? 'scripts allowed from {sources}' : 'the policy does not restrict scripts',
    'frame-protection-missing': 'neither X-Frame-Options nor frame-ancestors on the home page',
    'nosniff-missing': headerEn,
    'referrer-policy-missing': headerEn,
    'permissions-policy-missing': headerEn,
    'cookie-without-secure': 'cookies without Secure: {names}',
    'cookie-without-httponly': 'cookies without HttpOnly: {names}',
    'cookie-without-samesite': 'cookies without SameSite: {names}',
    'mixed-content': 'loaded over http from an https page: {files}',
    'sri-missing': 'scripts from elsewhere without an integrity check: {files}',
    'password-over-http': 'a password form is shown or sent over http ({target})',
    'form-to-http': 'a form of an https page is sent to {target}',
    'personal-form-over-http': 'a form asking for personal details is sent to {target}',
    'server-version-disclosed': announcedEn,
    'platform-version-disclosed': announcedEn,
    'cms-version-disclosed': announcedEn,
    'php-end-of-life': endedEn,
    'cms-end-of-life': endedEn,
    'library-end-of-life': endedEn,
    'server-end-of-life': endedEn,
    'broken-pages': 'linked pages that fail: {addresses}',
    'redirect-chain': '{hops} redirects: {chain}',
    'flash-used': 'Flash content: {script}',
    'editor-discontinued': 'made with {software} (given up {date}): {snippet}',
    'old-layout': 'markup of another age: {marks}',
    'copyright-old': 'last copyright year on the site: {year}',
    parked: 'parked or unfinished site: {marker}',
    'home-error': 'the home page answers {status}',
    'no-contact': ({ pages }: Params) =>
      `no e-mail address, phone number or contact form on the ${plural('en', Number(pages), 'page', '{pages} pages')} read`,
    'viewport-missing': ({ pages }: Params) =>
      `nothing declared for phones (viewport) on the home page ({count} of {pages} ${plural('en', Number(pages), 'page', 'pages')} read)`,
    'viewport-fixed': 'viewport "{viewport}"',
    'zoom-disabled': 'viewport "{viewport}"',
    'needs-browser': ({ length }: Params) =>
      `the home page holds {length} ${plural('en', Number(length), 'character', 'characters')} of text before its scripts run`,
    'title-missing': 'the home page has no title',
    'title-generic': titleEn,
    'title-short': titleEn,
    'title-long': titleEn,
    'title-duplicate': '{count} pages share the title "{text}": {paths}',
    'description-missing': 'the home page has no meta description',
    'description-short': descriptionEn,
    'description-long': descriptionEn,
    'description-duplicate': '{count} pages share the description "{text}": {paths}',
    'h1-missing': 'the home page has no main heading (h1)',
    'h1-several': '{count} main headings on the home page: {headings}',
    'images-without-alt': ({ total }: Params) =>
      `{count} of {total} ${plural('en', Number(total), 'image', 'images')} ({percent}%) without alt text`,
    'lang-missing': 'no lang attribute on the html element of the home page',
    'canonical-missing': 'no canonical address on the home page',
    'canonical-other-site': 'the home page names {address} as its original',
    'noindex-home': 'home page with {where} "{value}"',
    'robots-disallow-all': 'robots.txt forbids the whole site',
    'robots-txt-missing': ({ status }: Params) =>
      Number(status) < 400 ? 'robots.txt is a web page' : 'robots.txt answers {status}',
    'sitemap-missing': 'no sitemap in robots.txt nor at the usual addresses',
    'open-graph-missing': 'missing on the home page: {missing}',
    'slow-response': ({ pages }: Params) =>
      `first byte after {ms} ms (${plural('en', Number(pages), '{pages} page measured', 'the middle of {pages} pages')})`,
    'heavy-html': ({ truncated }: Params) =>
      truncated ? 'more than {kilobytes} kB of HTML' : '{kilobytes} kB of HTML',
    'no-compression': ({ pages }: Params) =>
      `{count} of {pages} ${plural('en', Number(pages), 'page', 'pages')} sent uncompressed`,
    'caching-forbidden': 'Cache-Control: {control}',
    'caching-undefined': 'no Cache-Control, Expires, ETag or Last-Modified header',
    'many-files': '{scripts} scripts and {sheets} style sheets on the home page',
    'legal-notice-missing': ({ pages }: Params) =>
      `no legal notice and no company number on the ${plural('en', Number(pages), 'page', '{pages} pages')} read`,
    'privacy-page-missing': ({ pages }: Params) =>
      `a form asks for personal details and ${plural('en', Number(pages), 'the page read is not', 'none of the {pages} pages read is')} about privacy`,
  },
})

const templateOf = (locale: Locale, id: string, params: Params): string | null => {
  const texts: Record<string, Template> = evidenceTexts(locale)
  const template = Object.hasOwn(texts, id) ? texts[id] : undefined
  return typeof template === 'function' ? template(params) : (template ?? null)
}

/** What was seen, in the reader's language, with numbers and days as it writes them. A finding of another version
 *  of the program, whose rule or values are not these, shows the English sentence stored with it. */
export const evidenceText = (
  locale: Locale,
  finding: { id: string; params: Params; evidence: string },
): string => {
  const template = templateOf(locale, finding.id, finding.params)
  return template !== null && hasAll(template, finding.params)
    ? fillIn(locale, template, namedValues(locale, finding.params))
    : finding.evidence
}

/** The same in English with numbers and days as computers write them: what is stored and printed by `--json`. */
export const plainEvidence = (id: string, params: Params): string =>
  fillPlain(templateOf('en', id, params) ?? '', namedValues('en', params))
