import { escapeUTF8 } from 'entities'
import type { Context, Liquid, Template } from 'liquidjs'
import { formatNumber, type Locale } from '#src/lib/i18n.ts'
import { noteHold } from './missing.ts'
import { plainValue } from './plain-outputs.ts'

/** What a template may be, and what rendering it may cost. */
export const MAX_TEMPLATE = 300_000
const MAX_OUTPUT = 1_000_000
const RENDER_WITHIN_MS = 250
/** In objects and characters as LiquidJS counts them. */
const MAX_MEMORY = 5_000_000

/** Stands in a mail where its unsubscribe link goes; composing the mail puts the link there (mail/track-html.ts). */
export const UNSUBSCRIBE_PLACE = '{{ unsubscribe_url }}'

/** The only tags: nothing that reads files, nothing that keeps HTML in a variable. */
const TAGS = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', '#', 'raw']
const FILTERS =
  'abs append at_least at_most capitalize ceil compact concat date default divided_by downcase first floor join last lstrip map minus modulo plus prepend remove remove_first replace replace_first reverse round rstrip size slice sort split strip sum times truncate truncatewords uniq upcase url_encode where'.split(
    ' ',
  )

export type Engine = {
  parse: (source: string) => Template[]
  /** Throws for what takes too long or grows too large. */
  render: (templates: Template[], scope: Record<string, unknown>) => string
}

/** `html` escapes every value, `plain` writes it as it is, on one line. */
export type Engines = { html: Engine; plain: Engine }

const made = new Map<Locale, Promise<Engines>>()

/** The two engines of a language, loaded when first wanted. */
export const liquidEngines = (locale: Locale): Promise<Engines> => {
  const known = made.get(locale) ?? makeEngines(locale)
  made.set(locale, known)
  return known
}

const makeEngines = async (locale: Locale): Promise<Engines> => {
  const liquid = await import('liquidjs')
  const engineOf = (write: (value: unknown) => string): Engine => {
    const engine = new liquid.Liquid({
      outputEscape: write,
      ownPropertyOnly: true,
      strictFilters: true,
      strictVariables: false,
      dynamicPartials: false,
      templates: {},
      locale,
      timezoneOffset: 'Europe/Paris',
      dateFormat: locale === 'fr' ? '%-d %B %Y' : '%B %-d, %Y',
      parseLimit: MAX_TEMPLATE,
    })
    close(engine, locale)
    const render = (templates: Template[], scope: Record<string, unknown>): string => {
      const context: Context = new liquid.Context(scope, engine.options, {
        sync: true,
        renderLimit: RENDER_WITHIN_MS,
        memoryLimit: MAX_MEMORY,
      })
      const emitter = boundedEmitter()
      for (const node of templates) {
        const { str } = node as { str?: unknown }
        const plain = typeof str === 'string' ? undefined : plainValue(node, scope)
        if (typeof str === 'string') emitter.write(str)
        else if (plain) emitter.write(write(plain.value))
        else liquid.toValueSync(engine.renderer.renderTemplates([node], context, emitter))
      }
      return emitter.buffer
    }
    return { parse: (source) => engine.parse(source), render }
  }
  return { html: engineOf(writeHtml), plain: engineOf(writePlain) }
}

/** Leaves only what is listed, and adds our own. */
const close = (engine: Liquid, locale: Locale): void => {
  for (const name of Object.keys(engine.tags)) if (!TAGS.includes(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!FILTERS.includes(name)) delete engine.filters[name]
  // {% hold "why" %}: a letter that has nothing to say to this recipient is not to be sent.
  engine.registerTag('hold', {
    parse(token) {
      const why = /^\s*(?:"([^"]*)"|'([^']*)')\s*$/.exec(token.args)
      if (!why) throw new Error('hold wants a reason in quotes')
      this['why'] = why[1] ?? why[2] ?? ''
    },
    render() {
      noteHold(String(this['why']))
    },
  })
  // Everything is escaped already: who writes it out of habit must not have it twice.
  for (const name of ['escape', 'escape_once', 'h']) engine.registerFilter(name, (value: unknown) => value)
  engine.registerFilter('number', (value: unknown) =>
    typeof value === 'number' ? formatNumber(locale, value) : value,
  )
}

const boundedEmitter = () => ({
  buffer: '',
  write(piece: unknown) {
    this.buffer += typeof piece === 'string' ? piece : writePlain(piece)
    if (this.buffer.length > MAX_OUTPUT) throw new Error(`output limit of ${MAX_OUTPUT} characters exceeded`)
  },
})

const NEEDS_ESCAPE = /[&<>"'{}\u00a0]/

// No brace of a value is left as one: it must not read as a place for the unsubscribe link.
const writeHtml = (value: unknown): string => {
  const text = oneLine(value)
  if (!NEEDS_ESCAPE.test(text) || text === UNSUBSCRIBE_PLACE) return text
  return escapeUTF8(text).replaceAll('{', '&#123;').replaceAll('}', '&#125;')
}

const writePlain = (value: unknown): string => oneLine(value)

// oxlint-disable-next-line no-control-regex -- line breaks in a value would begin another header or paragraph
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

const oneLine = (value: unknown): string => textOf(value).replace(BREAKS, ' ')

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  if (typeof value === 'boolean') return value ? 'true' : ''
  return Array.isArray(value) ? value.map(textOf).filter(Boolean).join(', ') : ''
}
