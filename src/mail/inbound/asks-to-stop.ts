import { anyOf } from './any-of.ts'
const MAX_WORDS = 600

/** Where an answer ends and what it answers begins. */
const QUOTED =
  /^(>|-{2,}\s*(original|message|nachricht|mensaje|messaggio|oorspronkelijk|forwarded)|_{10,}|(on|le|am|el|il|op|em)\b.{4,200}(wrote|[eé]crit|schrieb|escribi[oó]|ha scritto|schreef|escreveu)\s*:?\s*$|(from|de|von|da|van)\s*:\s.{3,}@|(from|de|von|da|van)\s*:\s.{3,}\n(sent|envoy[eé]|gesendet|enviado|inviato|verzonden|date)\s*:)/im

/** What somebody wrote himself, without the mail that he answers. */
export const ownWords = (text: string): string => {
  const found = QUOTED.exec(text)
  return (found ? text.slice(0, found.index) : text).trim()
}

const ASKS = anyOf(
  /\b(unsubscribe|opt[- ]?out|remove me|remove (my|our) (e-?mail|address)|take me off|(do not|don['’]t|stop) (contact|e-?mail|mail|writ|send|spam)\w*|no more (e-?mails|mails|messages)|not interested,? (please )?(stop|remove)|d[eé](s)?-?abonn\w+|d[eé]sinscri\w+|me (retirer|supprimer|rayer|enlever)|(retirez|supprimez|enlevez|rayez|effacez)[- ](moi|nous|mon|notre|mes|nos)|ne (plus|pas) (me |nous )?(contacter|[eé]crire|envoyer|solliciter|recevoir|d[eé]ranger|importuner)|(cessez|arr[eê]tez) (de |d['’]|vos|ces)|stop (pub|mail|spam|e-?mail)|rgpd|gdpr)\b/i,
  /^\W*stop\W*$/i,
)

/** Whether somebody says in his own words, and in few, that he wants no more mail. Long letters are for a person to judge. */
export const asksToStop = (text: string): boolean => {
  const own = ownWords(text)
  return own.length <= MAX_WORDS && ASKS.test(own)
}
