import type { Template } from 'liquidjs'
import type { Locale } from '#src/lib/i18n.ts'
import { showsTail } from '#src/mail/shows-tail.ts'
import { liquidEngines, MAX_TEMPLATE, type Engines } from './engine.ts'
import { inlineStyles } from './inline-styles.ts'
import { wholeLetter } from './letter.ts'
import { checkTemplates, type TemplateProblem } from './check-templates.ts'
import { textPartOf } from './text-part.ts'
import { tidyExpressions } from './expressions.ts'

export type MessageSource = {
  subject: string
  html: string
  /** '': made from the HTML. */
  text: string
  locale: Locale
  /** Without a subject it has that of the mail it follows. */
  isFollowUp?: boolean
}

/** A message ready to be rendered any number of times; kept in memory only. */
export type CompiledMessage = {
  locale: Locale
  engines: Engines
  subject: Template[]
  html: Template[]
  text: Template[]
  /** The text part as a template: what was given, or what was made of the HTML. */
  textSource: string
  /** Names of the variables it uses. */
  variables: string[]
  /** Its subject is that of the mail it follows (mail/answer-subject.ts), which is not known here. */
  followsThread: boolean
}

export type MessageProblem = TemplateProblem & { part: 'subject' | 'html' | 'text' }

export type Compilation = { ok: true; message: CompiledMessage } | { ok: false; problems: MessageProblem[] }

/** Checks a message and makes it ready: styles are inlined and the text part is made here, once, so that renderMessage
 *  is cheap. Problems are values (texts in problem-messages.ts): wrong syntax, names that do not exist, variables that
 *  may be empty and have no fallback. Never rejects for what a template says. */
export const compileMessage = async ({
  subject,
  html,
  text,
  locale,
  isFollowUp = false,
}: MessageSource): Promise<Compilation> => {
  const engines = await liquidEngines(locale)
  const problems: MessageProblem[] = []
  const variables = new Set<string>()
  const parse = (part: MessageProblem['part'], source: string): Template[] => {
    const engine = part === 'html' ? engines.html : engines.plain
    const checked = checkTemplates(engine, source)
    for (const problem of checked.problems) problems.push({ part, ...problem })
    for (const name of checked.variables) variables.add(name)
    return checked.templates
  }
  const followsThread = isFollowUp && subject.trim() === ''
  if (subject.trim() === '' && !followsThread) problems.push({ part: 'subject', code: 'empty', detail: '' })
  if (html.trim() === '') problems.push({ part: 'html', code: 'empty', detail: '' })
  if (subject.length + html.length + text.length > MAX_TEMPLATE)
    return { ok: false, problems: [{ part: 'html', code: 'too_long', detail: String(MAX_TEMPLATE) }] }
  // As written first, so that a problem is told of what was written.
  const subjectTemplates = parse('subject', subject)
  parse('html', tidyExpressions(html))
  if (text.trim() !== '') parse('text', text)
  if (problems.length > 0) return { ok: false, problems }
  const source = wholeLetter(tidyExpressions(html), locale)
  const made = await partsOf(source, text)
  if (!made) return { ok: false, problems: [{ part: 'html', code: 'too_complex', detail: '' }] }
  const { inlined, textSource } = made
  if (!showsTail(inlined)) problems.push({ part: 'html', code: 'tail_hidden', detail: '' })
  const htmlTemplates = parse('html', inlined)
  const textTemplates = parse('text', textSource)
  if (problems.length > 0) return { ok: false, problems }
  const templates = { subject: subjectTemplates, html: htmlTemplates, text: textTemplates }
  const message = { locale, engines, ...templates, textSource, variables: [...variables], followsThread }
  return { ok: true, message }
}

/** Undefined for elements within elements by the thousand, which what reads them walks down one by one, and for more rules and
 *  elements than can be matched (inline-styles.ts). */
const partsOf = async (
  source: string,
  text: string,
): Promise<{ inlined: string; textSource: string } | undefined> => {
  try {
    const textSource = text.trim() === '' ? await textPartOf(source) : text
    return { textSource, inlined: await inlineStyles(source) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
