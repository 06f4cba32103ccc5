import type { Locale } from '#src/lib/i18n.ts'
import { compileMessage, type MessageProblem, type MessageSource } from './compile.ts'
import { nameProblems, problemText } from './problem-messages.ts'
import type { TemplateValues } from './queries.ts'

const MAX_NAME = 200
const MAX_DESCRIPTION = 1000
const MAX_PROBLEMS_SHOWN = 5

const FIRST_WORDS = {
  fr: '{{ salutation }}\n\n…\n\nBien cordialement,\n{{ sender_name | default: "" }}\n',
  en: '{{ salutation }}\n\n…\n\nKind regards,\n{{ sender_name | default: "" }}\n',
}

/** What a new template begins as. */
export const emptyTemplate = (locale: Locale): TemplateValues => ({
  name: '',
  category: '',
  description: '',
  locale,
  subject: '',
  html: FIRST_WORDS[locale],
  text: '',
})

/** The words of a submitted or stored template; line ends as they are kept. */
export const sourceOf = (values: Record<string, unknown>): MessageSource => {
  const text = (name: string): string => {
    const value = values[name]
    return typeof value === 'string' ? value.replaceAll('\r\n', '\n') : ''
  }
  return {
    subject: text('subject').replaceAll(/\s+/g, ' ').trim(),
    html: text('html'),
    text: text('text'),
    locale: values['locale'] === 'en' ? 'en' : 'fr',
  }
}

/** A template as it was typed, or what is wrong with it, by field. */
export const readTemplateForm = async (
  values: Record<string, string>,
  locale: Locale,
): Promise<{ ok: true; template: TemplateValues } | { ok: false; errors: Record<string, string> }> => {
  const t = nameProblems(locale)
  const source = sourceOf(values)
  const name = (values['name'] ?? '').trim()
  const made = await compileMessage(source)
  const errors = made.ok ? {} : errorsOf(made.problems, locale)
  if (name === '') errors['name'] = t.nameMissing
  else if (name.length > MAX_NAME) errors['name'] = t.nameTooLong
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const template = {
    ...source,
    name,
    category: (values['category'] ?? '').trim().slice(0, MAX_NAME),
    description: (values['description'] ?? '').trim().slice(0, MAX_DESCRIPTION),
  }
  return { ok: true, template }
}

/** Problems by the field they are in, the first few of each. */
export const errorsOf = (problems: readonly MessageProblem[], locale: Locale): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const [part, own] of Map.groupBy(problems, (problem) => problem.part))
    errors[part] = [...new Set(own.map((problem) => problemText(locale, problem)))]
      .slice(0, MAX_PROBLEMS_SHOWN)
      .join(' ')
  return errors
}
