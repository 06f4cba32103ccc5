const MAX_SUBJECT = 380
const ANSWER = /^\s*(re|aw|sv|antw|r|rif)\s*:\s*/i

/** The subject of what follows a mail in its thread: mail programs know it by “Re:”, which stands there once. */
export const answerSubject = (subject: string): string =>
  ANSWER.test(subject) ? subject.slice(0, MAX_SUBJECT) : `Re: ${subject.slice(0, MAX_SUBJECT)}`

/** Whether mail programs that go by the subject, too (Gmail), show both mails as one conversation. */
export const isSameThread = (one: string, other: string): boolean => bare(one) === bare(other)

const bare = (subject: string): string => subject.replace(ANSWER, '').trim().toLowerCase()
