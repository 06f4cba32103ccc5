import { holdStyles } from './hold-styles.ts'
import { variableOf } from './variables.ts'

/** What the conversion of a template did: `name` is what it was about. renamed: another variable says it. empty: it may be
 *  empty and is left out then, as before. unknown: nothing here knows it, so it was taken out. greeting: "Bonjour {nom},"
 *  became a greeting that is right without a name too. include: a fragment that was not there. */
export type ConversionNote = {
  code: 'converted' | 'renamed' | 'empty' | 'unknown' | 'greeting' | 'list' | 'condition' | 'include'
  name: string
}

export type Conversion = { text: string; notes: ConversionNote[] }

const RENAMED: Record<string, string> = {
  company: 'entreprise',
  company_name: 'entreprise',
  name: 'nom',
  url: 'website',
  sector: 'secteur',
  city: 'ville',
  phone: 'telephone',
  desabonnement_url: 'unsubscribe_url',
  unsubscribe_link: 'unsubscribe_url',
  response_time: 'avg_response_time_ms',
}
/** The blocks of the product this one replaces that are about several values. */
const BLOCKS: Record<string, string> = {
  tech_data: 'cms or framework or server',
  performance: 'performance_score',
  security: 'security_score',
  scraping_data: 'total_emails > 0 or total_phones > 0 or total_people > 0',
  all_data: 'has_analysis',
  seo: 'seo_score',
}
const FALLBACKS: Record<string, string> = { nom: 'Madame, Monsieur' }
const IF = /\{#if_(\w+)\}/gi
const ENDIF = /\{#end_?if(?:_\w+)?\}/gi
const INCLUDE = /\{#include:([^{}]{1,100})\}/gi
const GREETING = /\b(?:Bonjour|Hello|Dear)\s+\{\{?\s*nom\s*\}\}?\s*,/gi
const VARIABLE = /\{\{\s*([a-z_]\w*)\s*\}\}|(?<![{%])\{([a-z_]\w*)\}(?!\})/gi

/** Whether a text is written as the product this one replaces did. */
export const isOldSyntax = (text: string): boolean =>
  /\{#(?:if_|end|include:)/i.test(text) || /(?<![{%])\{[a-z_]\w*\}(?!\})/i.test(holdStyles(text).held)

/** A template of the product this one replaces as one of ours; nothing is lost without a note. `plain` is a text without
 *  HTML: lists of findings become lines. Style sheets stay as they are. */
export const convertOld = (source: string, { plain = false }: { plain?: boolean } = {}): Conversion => {
  const notes: ConversionNote[] = []
  const note = (code: ConversionNote['code'], name: string) => {
    if (!notes.some((one) => one.code === code && one.name === name)) notes.push({ code, name })
  }
  const { held, release } = holdStyles(source)
  const included = held.replace(INCLUDE, (_, name: string) => {
    note('include', name.trim())
    return ''
  })
  const greeted = included.replace(GREETING, () => {
    note('greeting', 'nom')
    return '{{ salutation }}'
  })
  const conditional = balanceConditions(greeted)
  // Conditions were not nested: what stands before the next end is within.
  let within: string | null = null
  const pieces = conditional.split(/(\{#(?:if_\w+|end_?if(?:_\w+)?)\})/i)
  const text = pieces
    .map((piece) => {
      const opened = new RegExp(IF.source, 'i').exec(piece)?.[1]
      if (opened !== undefined && piece.startsWith('{#')) {
        within = nameOf(opened)
        return `{% if ${conditionOf(opened, note)} %}`
      }
      if (new RegExp(`^${ENDIF.source}$`, 'i').test(piece)) {
        within = null
        return '{% endif %}'
      }
      return piece.replace(VARIABLE, (_, double?: string, single?: string) =>
        variableText(double ?? single ?? '', within, plain, note),
      )
    })
    .join('')
  return { text: release(text), notes }
}

type Note = (code: ConversionNote['code'], name: string) => void

const nameOf = (old: string): string => {
  const name = old.toLowerCase()
  return RENAMED[name] ?? name
}

/** Every condition ended once: an end without a beginning is dropped, a missing one is put at the end. */
const balanceConditions = (text: string): string => {
  let open = 0
  const kept = text.replace(/\{#(if_\w+|end_?if(?:_\w+)?)\}/gi, (tag, what: string) => {
    if (what.toLowerCase().startsWith('if_')) {
      const closing = open > 0 ? '{#endif}' : ''
      open = 1
      return closing + tag
    }
    if (open === 0) return ''
    open = 0
    return tag
  })
  return open > 0 ? `${kept}{#endif}` : kept
}

const conditionOf = (old: string, note: Note): string => {
  const name = nameOf(old)
  const block = BLOCKS[name]
  if (block !== undefined) {
    note('condition', name)
    return block
  }
  const variable = variableOf(name) ?? variableOf(`has_${name}`)
  if (!variable) {
    note('unknown', name)
    return 'false'
  }
  note('converted', name)
  if (variable.list) return `${variable.name}.size > 0`
  // Liquid takes 0 for true.
  const isNumber = /_count$|^total_|^pages_|_score$|_length$|^score|rating|reviews/.test(variable.name)
  return isNumber ? `${variable.name} > 0` : variable.name
}

const variableText = (old: string, within: string | null, plain: boolean, note: Note): string => {
  const name = nameOf(old)
  if (name !== old.toLowerCase()) note('renamed', `${old} → ${name}`)
  const variable = variableOf(name)
  if (!variable) {
    note('unknown', old)
    return ''
  }
  if (variable.list) {
    note('list', name)
    const item = plain ? '- {{ point.title }}\n' : '<li>{{ point.title }}</li>'
    return name === 'tags' ? '{{ tags | join: ", " }}' : `{% for point in ${name} %}${item}{% endfor %}`
  }
  note('converted', name)
  if (name === 'worst') return '{{ worst.title | default: "" }}'
  if (variable.always || variable.flag || within === name) return `{{ ${name} }}`
  const fallback = FALLBACKS[name]
  if (fallback === undefined) note('empty', name)
  return `{{ ${name} | default: "${fallback ?? ''}" }}`
}
