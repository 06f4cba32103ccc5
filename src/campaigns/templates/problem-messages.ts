import { catalogue, type Locale } from '#src/lib/i18n.ts'
import type { MessageProblem } from './compile.ts'
import type { ConversionNote } from './convert-old.ts'
import type { LintIssue } from './lint.ts'
import { syntaxText } from './syntax-messages.ts'

const problems = catalogue({
  fr: {
    empty: () => 'À remplir.',
    too_long: () => 'Le message est trop long.',
    too_complex: () =>
      'Trop d’éléments sont imbriqués (une balise est peut-être restée ouverte), ou trop de règles de style pour un mail.',
    syntax: (detail: string) => `Écriture à corriger : ${detail}.`,
    unknown_variable: (name: string) =>
      `La variable « ${name} » n’existe pas. Choisissez-en une dans la liste des variables.`,
    needs_fallback: (name: string) =>
      `« ${name} » peut être vide. Donnez ce qu’il faut écrire alors : {{ ${name} | default: "…" }}, ou mettez la phrase entre {% if ${name} %} et {% endif %}.`,
    deep_loops: () => 'Pas plus de deux boucles l’une dans l’autre.',
    range: () => 'Une boucle parcourt une liste, par exemple {% for point in findings limit: 3 %}.',
    tail_hidden: () =>
      'Un commentaire ou un élément n’est pas refermé, ou un style cache tout le message : vos mentions et le lien de désinscription, à la fin, ne se verraient pas.',
    line: (line: number) => `Ligne ${line} : `,
  },
  en: {
    empty: () => 'Please fill in.',
    too_long: () => 'The message is too long.',
    too_complex: () =>
      'Too many elements stand within one another (a tag may have been left open), or too many style rules for a mail.',
    syntax: (detail: string) => `To be corrected: ${detail}.`,
    unknown_variable: (name: string) =>
      `There is no variable “${name}”. Choose one from the list of variables.`,
    needs_fallback: (name: string) =>
      `“${name}” may be empty. Say what to write then: {{ ${name} | default: "…" }}, or put the sentence between {% if ${name} %} and {% endif %}.`,
    deep_loops: () => 'No more than two loops inside one another.',
    range: () => 'A loop goes through a list, such as {% for point in findings limit: 3 %}.',
    tail_hidden: () =>
      'A comment or an element is not closed, or a style hides the whole message: your details and the unsubscribe link, at its end, would not be seen.',
    line: (line: number) => `Line ${line}: `,
  },
})

const parts = catalogue({
  fr: { subject: 'Objet : ', html: 'Message : ', text: 'Version texte : ' },
  en: { subject: 'Subject: ', html: 'Message: ', text: 'Text version: ' },
})

/** The same with the part of the message it is in. */
export const placedProblemText = (locale: Locale, problem: MessageProblem): string =>
  parts(locale)[problem.part] + problemText(locale, problem)

/** What is wrong with the name of a template. */
export const nameProblems = catalogue({
  fr: { nameMissing: 'Donnez un nom.', nameTooLong: 'Le nom est trop long (200 caractères).' },
  en: { nameMissing: 'Give a name.', nameTooLong: 'The name is too long (200 characters).' },
})

/** What is wrong with a template and what to write instead. */
export const problemText = (locale: Locale, { code, detail, line }: MessageProblem): string => {
  const t = problems(locale)
  const about = code === 'syntax' ? syntaxText(locale, detail) : detail
  return `${line !== undefined && line > 1 ? t.line(line) : ''}${t[code](about)}`
}

const lints = catalogue({
  fr: {
    missing: (d: string) =>
      `« ${d} » serait vide, ou le modèle dit de ne pas écrire à ce destinataire : ce message ne partirait pas.`,
    unsubscribe_added: () => 'Le lien de désinscription et vos mentions seront ajoutés à la fin du message.',
    unsubscribe_there: () => 'Le lien de désinscription est à la place que vous avez choisie.',
    spam_words: (d: string) => `« ${d} » fait penser à de la publicité : les filtres n’aiment pas ces mots.`,
    capitals: () => 'L’objet est écrit en majuscules : les filtres et les lecteurs n’aiment pas cela.',
    exclamations: () => 'Trop de points d’exclamation : un seul suffit, aucun vaut mieux.',
    long_subject: (d: string) => `L’objet a ${d} caractères : beaucoup de messageries le couperont (78).`,
    heavy: (d: string) => `Le message pèse ${d} ko : Gmail le coupe à 102 ko.`,
    heavy_images: (d: string) => `Les images pèsent ${d} ko ensemble : allégez-les.`,
    no_alt: (d: string) => `Une image n’a pas de description (alt="…") : ${d}`,
    image_gone: (d: string) => `L’image ${d} n’existe plus.`,
    image_inline: () =>
      'Une image est écrite dans le message (data:) : Gmail ne l’affiche pas. Envoyez-la sous « Images ».',
    image_http: (d: string) => `Une image vient d’une adresse non sécurisée : ${d}`,
    plain_http: (d: string) => `Un lien n’est pas sécurisé (http) : ${d}`,
    shortener: (d: string) => `Les adresses raccourcies (${d}) sont souvent bloquées : donnez la vraie.`,
    odd_link: (d: string) => `Un lien ne mène nulle part : « ${d} »`,
    other_address: (d: string) =>
      `Un lien affiche une adresse et mène à une autre, comme le font les fraudeurs : ${d}`,
    many_links: (d: string) => `${d} liens : une lettre en a un ou deux.`,
    little_text: () => 'Des images et presque pas de texte : les filtres s’en méfient.',
    forbidden_element: (d: string) => `<${d}> ne fonctionne pas dans un e-mail.`,
    link_broken: (d: string) => `Lien qui ne répond pas : ${d}`,
    link_unchecked: (d: string) => `Lien qui n’a pas pu être vérifié : ${d}`,
    link_works: (d: string) => `Lien vérifié : ${d}`,
  },
  en: {
    missing: (d: string) =>
      `“${d}” would be empty, or the template says not to write to this recipient: this mail would not leave.`,
    unsubscribe_added: () => 'The unsubscribe link and your details will be added at the end of the mail.',
    unsubscribe_there: () => 'The unsubscribe link is at the place you chose.',
    spam_words: (d: string) => `“${d}” reads like advertising: filters dislike such words.`,
    capitals: () => 'The subject is written in capitals: filters and readers dislike that.',
    exclamations: () => 'Too many exclamation marks: one is enough, none is better.',
    long_subject: (d: string) => `The subject has ${d} characters: many mail programs will cut it (78).`,
    heavy: (d: string) => `The mail weighs ${d} kB: Gmail cuts it at 102 kB.`,
    heavy_images: (d: string) => `The pictures weigh ${d} kB together: make them lighter.`,
    no_alt: (d: string) => `A picture has no description (alt="…"): ${d}`,
    image_gone: (d: string) => `The picture ${d} is gone.`,
    image_inline: () =>
      'A picture is written into the mail (data:): Gmail does not show it. Upload it under “Pictures”.',
    image_http: (d: string) => `A picture comes from an address that is not secure: ${d}`,
    plain_http: (d: string) => `A link is not secure (http): ${d}`,
    shortener: (d: string) => `Shortened addresses (${d}) are often blocked: give the real one.`,
    odd_link: (d: string) => `A link leads nowhere: “${d}”`,
    other_address: (d: string) => `A link shows one address and leads to another, as fraudsters do: ${d}`,
    many_links: (d: string) => `${d} links: a letter has one or two.`,
    little_text: () => 'Pictures and hardly any text: filters are wary of that.',
    forbidden_element: (d: string) => `<${d}> does not work in a mail.`,
    link_broken: (d: string) => `Link that does not answer: ${d}`,
    link_unchecked: (d: string) => `Link that could not be checked: ${d}`,
    link_works: (d: string) => `Link checked: ${d}`,
  },
})

export const lintText = (locale: Locale, { code, detail }: LintIssue): string => lints(locale)[code](detail)

const notes = catalogue({
  fr: {
    converted: (name: string) => `${name} : repris tel quel.`,
    renamed: (name: string) => `${name} : autre nom pour la même chose.`,
    empty: (name: string) => `${name} : peut être vide ; rien ne sera écrit alors. Vérifiez la phrase.`,
    unknown: (name: string) => `${name} : inconnu ici, retiré. Vérifiez la phrase.`,
    greeting: () => '« Bonjour {nom}, » : remplacé par une salutation juste avec ou sans nom.',
    list: (name: string) => `${name} : la liste est écrite point par point.`,
    condition: (name: string) => `${name} : la condition porte sur les mêmes données.`,
    include: (name: string) => `${name} : fragment absent, retiré. Collez son texte à sa place.`,
  },
  en: {
    converted: (name: string) => `${name}: taken over as it is.`,
    renamed: (name: string) => `${name}: another name for the same.`,
    empty: (name: string) => `${name}: may be empty; nothing is written then. Check the sentence.`,
    unknown: (name: string) => `${name}: not known here, taken out. Check the sentence.`,
    greeting: () => '“Bonjour {nom},”: replaced by a greeting that is right with and without a name.',
    list: (name: string) => `${name}: the list is written point by point.`,
    condition: (name: string) => `${name}: the condition is about the same data.`,
    include: (name: string) => `${name}: fragment not there, taken out. Paste its text in its place.`,
  },
})

export const conversionText = (locale: Locale, { code, name }: ConversionNote): string =>
  notes(locale)[code](name)
