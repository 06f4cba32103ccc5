import { catalogue } from '#src/lib/i18n.ts'

/** Texts of the page about the public API; what each endpoint does is in summaries.fr.data.json, and in the endpoint
 *  itself in English. */
export const docsMessages = catalogue({
  fr: {
    title: 'API publique de ProspectLab',
    otherLanguage: 'English',
    document: 'Document OpenAPI 3.1',
    contents: 'Sommaire',
    tokenTitle: 'Jetons',
    tokenText:
      'Chaque appel porte un jeton, créé dans les réglages : de préférence dans l’en-tête ci-dessous, sinon dans le paramètre ou le champ de formulaire `api_token`. Un jeton a des droits, peut expirer et n’être accepté que depuis certains réseaux.',
    failureTitle: 'Échecs',
    failureText:
      'Un échec est un objet JSON avec `error`. 401 : pas de jeton valable. 403 : le droit nommé par `permission` manque. 429 et 503 : revenir après le nombre de secondes de `Retry-After`.',
    pageTitle: 'Listes',
    pageText:
      '`limit` et `offset`, ou `cursor` : la valeur `next_cursor` d’une réponse donne la suite, jusqu’à ce qu’elle soit nulle, sans rien sauter ni répéter.',
    limitTitle: 'Nombre d’appels',
    limitText:
      'Les en-têtes `RateLimit-Policy` et `RateLimit` disent combien d’appels par minute sont permis et combien il en reste. Avec `If-None-Match`, une réponse inchangée est 304, sans contenu.',
    parameters: 'Paramètres',
    parameter: 'Nom',
    place: 'Où',
    form: 'Forme',
    meaning: 'Sens',
    required: 'obligatoire',
    inPath: 'adresse',
    inQuery: 'requête',
    inHeader: 'en-tête',
    body: 'Corps (JSON ou formulaire)',
    answers: 'Réponses',
    anyToken: 'Tout jeton suffit.',
    needs: (scopes: string) => `Droits nécessaires : ${scopes}.`,
    kept: (seconds: number) => `La réponse peut dater de ${seconds} s.`,
  },
  en: {
    title: 'ProspectLab public API',
    otherLanguage: 'Français',
    document: 'OpenAPI 3.1 document',
    contents: 'Contents',
    tokenTitle: 'Tokens',
    tokenText:
      'Every call carries a token made in the settings: preferably in the header below, else in the parameter or the form field `api_token`. A token has rights, may expire and may be accepted from some networks only.',
    failureTitle: 'Failures',
    failureText:
      'A failure is a JSON object with `error`. 401: no token that counts. 403: the right named by `permission` is missing. 429 and 503: come back after the seconds of `Retry-After`.',
    pageTitle: 'Lists',
    pageText:
      '`limit` and `offset`, or `cursor`: the `next_cursor` of an answer leads to what follows, until it is null, without skipping or repeating anything.',
    limitTitle: 'Number of calls',
    limitText:
      'The headers `RateLimit-Policy` and `RateLimit` tell how many calls a minute there are and how many are left. With `If-None-Match` an unchanged answer is 304, without a body.',
    parameters: 'Parameters',
    parameter: 'Name',
    place: 'Where',
    form: 'Form',
    meaning: 'Meaning',
    required: 'required',
    inPath: 'path',
    inQuery: 'query',
    inHeader: 'header',
    body: 'Body (JSON or form)',
    answers: 'Answers',
    anyToken: 'Any token may.',
    needs: (scopes: string) => `Needs the rights ${scopes}.`,
    kept: (seconds: number) => `The answer may be up to ${seconds} s old.`,
  },
})
