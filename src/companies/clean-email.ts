const MAX_EMAILS = 10
const MAX_LENGTH = 254
// Loose on purpose: what a mail server may take, not what the standard's grammar allows.
const EMAIL =
  /^[^\s@"(),:;<>[\\\]\p{Cc}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+(?:xn--[a-z0-9-]{2,59}|\p{L}{2,63})$/u

/** The e-mail addresses in a cell, domain in lower case, in order and once each; `invalid` tells that there was
 *  text which is none ("Paul <paul@x.fr>; contact@x.fr", "mailto:…"). */
export const cleanEmails = (text: string): { valid: string[]; invalid: boolean } => {
  const parts = text.split(/[\s;,|<>]+|\/(?=\S+@)/).filter((part) => part.includes('@'))
  const valid = parts.map(cleanEmail).filter((email) => email !== null)
  return {
    valid: [...new Set(valid)].slice(0, MAX_EMAILS),
    invalid: text !== '' && valid.length < Math.max(1, parts.length),
  }
}

const cleanEmail = (part: string): string | null => {
  const bare = part
    .replace(/^mailto:/i, '')
    .replace(/\?.*$/, '')
    .replace(/^[.('«"]+|[.)'»",:]+$/g, '')
  const at = bare.lastIndexOf('@')
  const email = `${bare.slice(0, at)}@${bare.slice(at + 1).toLowerCase()}`
  const isBad = email.length > MAX_LENGTH || !EMAIL.test(email) || /^\.|\.\.|\.@/.test(email)
  return isBad ? null : email
}
