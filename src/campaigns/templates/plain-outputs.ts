import { noteEmpty } from './missing.ts'

/** An output that is only a variable, perhaps with a fallback: most of a letter is such, and needs no interpreter. */
export type PlainOutput = { name: string; fallback: string | null }

const outputs = new WeakMap<object, PlainOutput>()

type Token = {
  variable?: unknown
  props?: { content?: unknown }[]
  content?: unknown
  getText?: () => string
}
type Value = { initial: { postfix: Token[] }; filters: { name: string; args: unknown[] }[] }

/** Marks an output as plain when it is; `value` as LiquidJS parsed it, before anything was added but the last filter, which
 *  writes. Only for templates that name nothing themselves. */
export const markPlain = (node: object, value: Value): void => {
  const [token, ...others] = value.initial.postfix
  const [filter, ...more] = value.filters.slice(0, -1)
  if (!token || others.length > 0 || more.length > 0 || token.variable !== undefined) return
  const name = token.props?.length === 1 ? token.props[0]?.content : undefined
  if (typeof name !== 'string') return
  const fallback = filter ? literalOf(filter) : null
  if (filter && fallback === null) return
  outputs.set(node, { name, fallback })
}

const literalOf = ({ name, args }: Value['filters'][number]): string | null => {
  const [given, ...more] = args as Token[]
  if (name !== 'default' || more.length > 0 || !given || Array.isArray(given)) return null
  const text = typeof given.content === 'string' ? given.content : null
  return text !== null && /^["']/.test(given.getText?.() ?? '') ? text : null
}

/** The value of a plain output; undefined when the node is none. */
export const plainValue = (node: object, scope: Record<string, unknown>): { value: unknown } | undefined => {
  const output = outputs.get(node)
  if (!output) return undefined
  const value = Object.hasOwn(scope, output.name) ? scope[output.name] : null
  if (output.fallback !== null)
    return { value: value === null || value === false || value === '' ? output.fallback : value }
  noteEmpty(value, output.name)
  return { value }
}
