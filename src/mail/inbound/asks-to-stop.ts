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
  /\b(unsubscribe|opt[- ]?out|take (me|us) off|remove (me|us|(my|our) (e-?mail|address))|never (contact|e-?mail|write to) (me|us)|(do not|don['’]t|stop) (contact|e-?mail|mail|writ|send|spam)\w*|no more (e-?mails|mails|messages)|not interested,? (please )?(stop|remove)|(no longer|not|never) (wish|want)\w* to (receive|hear|be (contacted|e-?mailed))|leave (me|us) alone)\b/iu,
  /\b(d[eé](s)?-?abonn\w+|d[eé]sinscri\w+|me (retirer|supprimer|rayer|enlever|radier)|(retirez|supprimez|enlevez|rayez|effacez|radiez)[- ](moi|nous|mon|notre|mes|nos)|(cessez|arr[eê]tez) (de |d['’]|vos|ces)|stop (pub|mail|spam|e-?mail)|laissez[- ](moi|nous) (tranquilles?|en paix))(?!\p{L})/iu,
  // ne plus m’envoyer, ne m’envoyez plus, je ne souhaite plus recevoir
  /\bne (plus|pas|jamais) ((me|nous) |m['’] ?)?(contacter|[eé]crire|envoyer|adresser|solliciter|relancer|recevoir|d[eé]ranger|importuner)(?!\p{L})/iu,
  /\bn(e |['’])((me|nous) |m['’ ] ?)?(contact|[eé]cri[vs]|envo[iy]|adress|sollicit|relanc|d[eé]rang|importun|spamm|harc)\p{L}* (plus|jamais)(?!\p{L})/iu,
  /\b(souhait|veu[xt]|voul|d[eé]sir)\p{L}* plus ((rien|en) )?(recevoir|d['’]|de (vos |ces )?(mails?|messages?|e-?mails?|courriels?|sollicitations?)|aucune? |[eê]tre (contact|sollicit|relanc|d[eé]rang|d[eé]march|importun))/iu,
  /\b(souhait|veu[xt]|voul|d[eé]sir)\p{L}* pas ([eê]tre (contact|sollicit|relanc|d[eé]rang|d[eé]march|importun)|recevoir (de |d['’]|vos |ces |ce genre |ce type )(autres? |de )?(mail|message|e-?mail|courriel|sollicitation|pub))/iu,
  // Not what stands below the letters of firms: “Conformément au RGPD, vous disposez …”
  /(?<!\b(conform|confidential|privacy|politique|policy|complian|accord|disposez)[\s\S]{0,80})\b(rgpd|gdpr)\b(?![\s\S]{0,60}(vous (disposez|avez|pouvez)|you have|you may))/iu,
  /^\W*stop\b\W*(merci|svp|thanks|thank you|please)?\W*$/iu,
)

/** Whether somebody says in his own words, and in few, that he wants no more mail. Long letters are for a person to judge. */
export const asksToStop = (text: string): boolean => {
  const own = ownWords(text)
  return own.length <= MAX_WORDS && ASKS.test(own)
}
