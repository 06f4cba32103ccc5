import type { Db } from '#src/db/open.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { formatText } from '#src/mail/format-text.ts'
import { compileMessage, type MessageProblem } from './compile.ts'
import { convertOld, isOldSyntax, type ConversionNote } from './convert-old.ts'
import { hasSameTemplate, insertTemplate, type TemplateValues } from './queries.ts'

export const MAX_IMPORT_BYTES = 5 * 1024 * 1024
const MAX_TEMPLATES = 500
const MAX_NAME = 200
const LOOKS_LIKE_HTML = /<(?:html|body|p|div|table|br|a|ul|h\d|span|strong)[\s>/]/i
const FRENCH = /\b(bonjour|vous|votre|nous|cordialement|site)\b/i

/** What became of one template of an import. refused: it says why. */
export type ImportedTemplate = {
  name: string
  outcome: 'imported' | 'duplicate' | 'refused'
  id: number | null
  notes: ConversionNote[]
  problems: MessageProblem[]
}

/** Templates written for the product this one replaces, or exported from this one: a JSON list, `{"templates": […]}` or an
 *  object by id. Each is converted, checked and stored; what was done to it is told. */
export const importTemplates = async (
  db: Db,
  json: string,
  createdBy: number | null,
): Promise<Result<ImportedTemplate[]>> => {
  const entries = readEntries(json)
  if (!entries)
    return failed('not_templates', 'The text is not a JSON list of templates with a subject and a content.')
  if (entries.length > MAX_TEMPLATES)
    return failed('too_many', `More than ${MAX_TEMPLATES} templates at once.`)
  const report: ImportedTemplate[] = []
  for (const entry of entries) report.push(await importOne(db, entry, createdBy))
  return ok(report)
}

type Entry = {
  name: string
  category: string
  description: string
  subject: string
  content: string
  text: string
  isHtml: boolean
  locale: Locale | null
}

const readEntries = (json: string): Entry[] | null => {
  let data: unknown
  try {
    data = JSON.parse(json.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
  const list = listOf(data)
  const entries = list?.flatMap((one) => entryOf(one) ?? [])
  return entries && entries.length > 0 && entries.length === list?.length ? entries : null
}

const listOf = (data: unknown): unknown[] | null => {
  if (Array.isArray(data)) return data
  if (typeof data !== 'object' || data === null) return null
  const inner = (data as Record<string, unknown>)['templates']
  if (inner !== undefined) return listOf(inner)
  return 'subject' in data || 'content' in data || 'html' in data ? [data] : Object.values(data)
}

const entryOf = (one: unknown): Entry | null => {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return null
  const fields = one as Record<string, unknown>
  const text = (...names: string[]): string => {
    const value = names.map((name) => fields[name]).find((each) => typeof each === 'string')
    return typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : ''
  }
  const content = text('html', 'content', 'body')
  if (content === '') return null
  const flag = fields['is_html']
  const locale = text('locale', 'language')
  return {
    name: (text('name', 'nom', 'id') || text('subject', 'sujet') || '?').slice(0, MAX_NAME),
    category: text('category').slice(0, MAX_NAME),
    description: text('description').slice(0, 1000),
    subject: text('subject', 'sujet'),
    content,
    text: text('text'),
    isHtml:
      'html' in fields ||
      (typeof flag === 'boolean' || typeof flag === 'number' ? Boolean(flag) : LOOKS_LIKE_HTML.test(content)),
    locale: locale === 'fr' || locale === 'en' ? locale : null,
  }
}

const importOne = async (db: Db, entry: Entry, createdBy: number | null): Promise<ImportedTemplate> => {
  const locale = entry.locale ?? (FRENCH.test(entry.content) ? 'fr' : 'en')
  const notes: ConversionNote[] = []
  const converted = (text: string, plain: boolean): string => {
    if (!isOldSyntax(text)) return text
    const made = convertOld(text, { plain })
    notes.push(
      ...made.notes.filter(
        (one) => !notes.some((known) => known.code === one.code && known.name === one.name),
      ),
    )
    return made.text
  }
  const subject = converted(entry.subject.replaceAll(/\s+/g, ' ').trim(), true) || entry.name
  const written = converted(entry.content, !entry.isHtml)
  const values: TemplateValues = {
    name: entry.name,
    category: entry.category,
    description: entry.description,
    locale,
    subject,
    // Words stay words as long as nothing in them reads as an element.
    html: entry.isHtml || !/<[a-z!/]/i.test(written) ? written : formatText(written, locale),
    text: entry.text === '' ? '' : converted(entry.text, true),
  }
  const made = await compileMessage(values)
  const told = { name: entry.name, notes }
  if (!made.ok) return { ...told, outcome: 'refused', id: null, problems: made.problems }
  if (await hasSameTemplate(db, values)) return { ...told, outcome: 'duplicate', id: null, problems: [] }
  return { ...told, outcome: 'imported', id: await insertTemplate(db, values, createdBy), problems: [] }
}
