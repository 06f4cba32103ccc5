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
    bad_url: 'l’adresse vers laquelle la page redirige n’est pas celle d’une page',
    needs_browser: 'la page ne s’affiche que dans un navigateur',
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
    bad_url: 'the address that the page redirects to is not that of a page',
    needs_browser: 'the page shows in a browser only',
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

/** Why a crawl that read its site went no further (`SiteEnd`); `all` when nothing was left to read. */
export const siteEndTexts = catalogue({
  fr: {
    all: 'Toutes les pages trouvées ont été lues.',
    pages: 'D’autres pages n’ont pas été lues : le nombre de pages prévu était atteint.',
    bytes: 'D’autres pages n’ont pas été lues : le volume prévu était atteint.',
    time: 'D’autres pages n’ont pas été lues : le temps prévu était écoulé.',
    requests: 'D’autres pages n’ont pas été lues : trop de demandes étaient restées sans page.',
    fruitless: 'D’autres pages n’ont pas été lues : les dernières n’apprenaient plus rien.',
    busy: 'D’autres pages n’ont pas été lues : le serveur était surchargé.',
    stopped: 'D’autres pages n’ont pas été lues : la visite a été arrêtée.',
  },
  en: {
    all: 'Every page found was read.',
    pages: 'Other pages were not read: the number of pages set was reached.',
    bytes: 'Other pages were not read: the volume set was reached.',
    time: 'Other pages were not read: the time set was over.',
    requests: 'Other pages were not read: too many requests had led to no page.',
    fruitless: 'Other pages were not read: the last ones told nothing new.',
    busy: 'Other pages were not read: the server was overloaded.',
    stopped: 'Other pages were not read: the visit was stopped.',
  },
})

/** Why an address is worth what it is worth (`reasons` of an EmailFact). */
export const emailReasonTexts = catalogue({
  fr: {
    own_domain: 'au nom de domaine du site',
    free_provider: 'chez un fournisseur gratuit',
    other_domain: 'sous un autre nom de domaine',
    decider: 'appartient à un décideur',
    linked_person: 'appartient à une personne nommée',
    person_address: 'au nom d’une personne',
    role_address: 'adresse de service',
    clear_source: 'écrite en clair',
    hidden_source: 'masquée, retrouvée par décodage',
    mx_ok: 'le domaine reçoit du courrier',
    mx_missing: 'le domaine ne reçoit pas de courrier',
    mx_unchecked: 'réception du courrier non vérifiée',
    disposable: 'adresse jetable',
    unread: 'personne ne lit cette adresse',
    agency: 'adresse de l’agence qui a fait le site',
    third_party: 'adresse d’un tiers',
    suggested: 'supposée d’après une autre adresse',
  },
  en: {
    own_domain: 'at the site’s own domain',
    free_provider: 'at a free provider',
    other_domain: 'at another domain',
    decider: 'belongs to a decision-maker',
    linked_person: 'belongs to a named person',
    person_address: 'made of a person’s name',
    role_address: 'address of a department',
    clear_source: 'written in clear',
    hidden_source: 'hidden, found by decoding',
    mx_ok: 'the domain takes mail',
    mx_missing: 'the domain takes no mail',
    mx_unchecked: 'whether it takes mail was not checked',
    disposable: 'disposable address',
    unread: 'nobody reads this address',
    agency: 'address of the agency that made the site',
    third_party: 'address of a third party',
    suggested: 'supposed after another address',
  },
})

/** Whether the site is that of the company (`verdict` of a Belonging), and what was compared. */
export const belongingTexts = catalogue({
  fr: {
    title: 'Est-ce bien le site de cette entreprise ?',
    proven: 'prouvé',
    likely: 'probable',
    doubtful: 'douteux',
    unchecked: 'non vérifiable',
    siren: 'SIREN',
    phone: 'Téléphone',
    address: 'Adresse',
    town: 'Commune',
    name: 'Nom',
    agrees: 'concorde',
    differs: 'diffère',
    near: 'en partie',
    known: 'Dans la fiche',
    found: 'Sur le site',
    result: 'Résultat',
    compared: 'Comparé',
    nothing: 'Le site ou la fiche en dit trop peu pour comparer.',
  },
  en: {
    title: 'Is this the site of this company?',
    proven: 'proven',
    likely: 'likely',
    doubtful: 'doubtful',
    unchecked: 'could not be checked',
    siren: 'SIREN',
    phone: 'Phone',
    address: 'Address',
    town: 'Town',
    name: 'Name',
    agrees: 'agrees',
    differs: 'differs',
    near: 'partly',
    known: 'In the record',
    found: 'On the site',
    result: 'Result',
    compared: 'Compared',
    nothing: 'The site or the record says too little to compare.',
  },
})
