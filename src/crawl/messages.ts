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
  },
})

/** Why a crawl failed, by its code. */
export const crawlErrorText = (locale: Locale, code: string): string =>
  (crawlErrors(locale) as Record<string, string>)[code] ?? code
