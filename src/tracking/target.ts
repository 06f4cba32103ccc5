/** Longer links are left untracked: with its signature a token must stay within what every mail client keeps. */
const MAX_TARGET = 2000

/** Whether a click may ever lead there: an absolute http(s) URL that every parser reads alike, in printable ASCII,
 *  without user names, backslashes or spaces. */
export const isSafeTarget = (target: string): boolean => {
  if (target.length > MAX_TARGET || !/^https?:\/\/[^/?#]/i.test(target)) return false
  if (!/^[\x21-\x7e]+$/.test(target) || target.includes('\\')) return false
  if (!URL.canParse(target)) return false
  const url = new URL(target)
  return url.username === '' && url.password === '' && !/^[^/?#]*\/\/[^/?#]*@/.test(target)
}

/** The target as it is carried and stored: as written when it is plain, else escaped by the URL parser (letters
 *  outside ASCII, spaces). Null when no click may lead there. */
export const normaliseTarget = (written: string): string | null => {
  const target = written.trim()
  if (isSafeTarget(target)) return target
  if (target.includes('\\') || !/^https?:\/\//i.test(target) || !URL.canParse(target)) return null
  const { href } = new URL(target)
  return isSafeTarget(href) ? href : null
}
