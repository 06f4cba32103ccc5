import { decodeHTML } from 'entities'

const MAX_NODES = 3_000
const MAX_DEPTH = 12
// oxlint-disable-next-line no-control-regex -- raw control characters are what breaks the JSON
const CONTROL = /[\u0000-\u001f]+/g

export type JsonLdNode = { types: string[]; path: string[]; value: Record<string, unknown> }

/** All objects of a page's JSON-LD blocks, flattened, each with its types and the keys that led to it.
 *  Broken JSON is repaired where sites usually break it (raw line breaks, trailing commas, CDATA). */
export function readJsonLd(blocks: string[]): JsonLdNode[] {
  const nodes: JsonLdNode[] = []
  for (const block of blocks) walk(parse(block), [], nodes, 0)
  return nodes
}

function parse(block: string): unknown {
  const text = block
    .replace(/^\s*(?:\/\/\s*)?(?:<!\[CDATA\[|<!--)/, '')
    .replace(/(?:\/\/\s*)?(?:\]\]>|-->)\s*$/, '')
    .trim()
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(
        text
          .replace(CONTROL, ' ')
          .replace(/,(\s*[}\]])/g, '$1')
          .replace(/;\s*$/, ''),
      )
    } catch {
      return null
    }
  }
}

function walk(value: unknown, path: string[], nodes: JsonLdNode[], depth: number): void {
  if (depth > MAX_DEPTH || nodes.length >= MAX_NODES || value === null || typeof value !== 'object') return
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, nodes, depth + 1)
    return
  }
  const record = value as Record<string, unknown>
  if (isTemplates(record)) return
  nodes.push({ types: listOf(record['@type']), path, value: record })
  const inside = listOf(record['@type']).some((type) => type.endsWith('Event')) ? [...path, EVENT] : path
  for (const key in record) walk(record[key], [...inside, key], nodes, depth + 1)
}

/** Where an event takes place and who plays there says nothing of the house that announces it. */
const EVENT = 'event'

/** What a builder's template came with and nobody filled in: its name, number and founder are nobody's. */
const TEMPLATE_NAME =
  /^(?:your |my |the )?(?:restaurant|business|company|organi[sz]ation|store|shop|hotel|site|website|brand) ?name$|^(?:your|my) (?:business|company|organi[sz]ation|store|shop|site|website|brand)$/i
const isTemplates = ({ name }: Record<string, unknown>): boolean =>
  typeof name === 'string' && TEMPLATE_NAME.test(name.trim())

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list
    .filter((item): item is string => typeof item === 'string')
    .map((type) => type.replace(/^.*[/#:]/, ''))
}

/** A text property, entities decoded; the first of several. */
export function textOf(value: unknown): string | null {
  const first = Array.isArray(value) ? value[0] : value
  if (typeof first === 'number') return String(first)
  if (typeof first === 'string')
    return (
      decodeHTML(first)
        .replace(/<[^>]{0,200}>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, 500) || null
    )
  if (first !== null && typeof first === 'object') return textOf((first as Record<string, unknown>).name)
  return null
}

/** All text values of a property. */
export function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value.slice(0, 50) : [value]
  return list.map(textOf).filter((text): text is string => text !== null)
}

/** Content written by visitors or about other companies: reviews, articles, products. */
export const isForeignPath = (path: string[]): boolean =>
  path.some((key) =>
    /^(?:review|reviews|author|comment|itemReviewed|publisher|sponsor|client|reviewedBy|funder|hasPart|isPartOf|provider|brand|manufacturer|offers|creator|copyrightHolder|mentions|parentOrganization|memberOf|performer|organizer|event)$/.test(
      key,
    ),
  )
