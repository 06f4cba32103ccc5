import { catalogue } from '#src/lib/i18n.ts'

/** What each status of an answer means. */
export const statusMessages = catalogue({
  fr: {
    200: 'Fait.',
    202: 'Accepté : c’est en cours.',
    304: 'Rien n’a changé depuis la réponse de cet ETag.',
    400: 'La demande est fausse ou illisible.',
    401: 'Pas de jeton, ou aucun qui compte.',
    403: 'Le jeton n’en a pas le droit, ou pas depuis cette adresse.',
    404: 'Cela n’existe pas.',
    413: 'Le corps dépasse 64 Ko.',
    429: 'Trop d’appels : revenir après Retry-After secondes.',
    501: 'Pas dans cette version.',
    503: 'Momentanément indisponible, par exemple sans base de données : revenir après Retry-After secondes.',
  },
  en: {
    200: 'Done.',
    202: 'Accepted: it is being done.',
    304: 'Nothing has changed since the answer with this ETag.',
    400: 'The input is wrong or cannot be read.',
    401: 'There is no token, or none that counts.',
    403: 'The token may not do this, or not from this address.',
    404: 'There is no such thing.',
    413: 'The body is larger than 64 KB.',
    429: 'Too many calls: come back after Retry-After seconds.',
    501: 'Not in this version.',
    503: 'Momentarily not available, as when the database is away: come back after Retry-After seconds.',
  },
})
