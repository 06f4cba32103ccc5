import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** Why a site, or one of its pages, was not read (`failureCode` of refusals.ts). */
export const crawlErrors = catalogue({
  fr: {
    refused_address: 'adresse interdite (réseau privé)',
    unreachable: 'le serveur ne répond pas',
    dns: 'le nom du site n’existe pas',
    tls: 'connexion sécurisée impossible',
    timeout: 'le site est trop lent',
    robots: 'le site interdit les robots',
    not_html: 'l’adresse ne mène pas à une page web',
    refused: 'le site refuse notre visite',
    busy: 'le site est surchargé ou en maintenance',
    error_status: 'la page d’accueil est en erreur',
    too_many_redirects: 'la page redirige sans fin',
    too_large: 'la réponse est démesurée',
    truncated: 'la page est trop grande : seul son début a été lu',
    parse_timeout: 'la page est trop complexe pour être lue',
    parse_crashed: 'la page n’a pas pu être lue',
    parse_failed: 'la page n’a pas pu être lue',
    page_status: (status: number) => `la page est en erreur (${status})`,
  },
  en: {
    refused_address: 'forbidden address (private network)',
    unreachable: 'the server does not answer',
    dns: 'the name of the site does not exist',
    tls: 'no secure connection possible',
    timeout: 'the site is too slow',
    robots: 'the site forbids robots',
    not_html: 'the address does not lead to a web page',
    refused: 'the site refuses our visit',
    busy: 'the site is overloaded or under maintenance',
    error_status: 'the home page is in error',
    too_many_redirects: 'the page redirects without end',
    too_large: 'the answer is out of all proportion',
    truncated: 'the page is too large: only its beginning was read',
    parse_timeout: 'the page is too complex to be read',
    parse_crashed: 'the page could not be read',
    parse_failed: 'the page could not be read',
    page_status: (status: number) => `the page is in error (${status})`,
  },
})

/** Why a crawl, or one page of it (`status_404` …), failed, by its code. */
export const crawlErrorText = (locale: Locale, code: string): string => {
  const texts = crawlErrors(locale)
  const status = /^status_(\d{3})$/.exec(code)?.[1]
  if (status) return texts.page_status(Number(status))
  const text = Object.hasOwn(texts, code) ? texts[code as keyof typeof texts] : code
  return typeof text === 'string' ? text : code
}
