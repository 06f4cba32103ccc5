import type { Template } from 'liquidjs'
import type { Engine } from './engine.ts'
import { watchOutput } from './missing.ts'
import { markPlain } from './plain-outputs.ts'
import { findingFields, ruleOfName, variableOf } from './variables.ts'

/** syntax: `detail` is what LiquidJS says. unknown_variable, needs_fallback: the name. deep_loops: nothing. */
export type TemplateProblem = {
  code:
    | 'empty'
    | 'too_long'
    | 'too_complex'
    | 'syntax'
    | 'unknown_variable'
    | 'needs_fallback'
    | 'deep_loops'
    | 'range'
    | 'tail_hidden'
  detail: string
  /** From 1. */
  line?: number
}

export type CheckedTemplates = { templates: Template[]; problems: TemplateProblem[]; variables: string[] }

const MAX_LOOPS = 2

type Token = { kind?: number; variable?: Token; props?: Token[]; content?: unknown; getText?: () => string }
type Value = { initial: { postfix: Token[] }; filters: { name: string; args: unknown[] }[] }
type Node = Template & {
  name?: string
  value?: Value
  branches?: { value?: Value; values?: Token[]; templates: Node[] }[]
  elseTemplates?: Node[]
  templates?: Node[]
  variable?: string
  collection?: Token
  key?: string
  token: { kind: number; begin: number; input: string; name?: string }
}

/** A template parsed and looked through: every name known, every value that may be empty guarded by a condition about
 *  it or given a fallback. Outputs are watched from here on, so that rendering can tell which came out empty. */
export const checkTemplates = (engine: Engine, source: string): CheckedTemplates => {
  let templates: Template[]
  try {
    templates = engine.parse(source)
  } catch (error) {
    return { templates: [], problems: [syntaxProblem(error)], variables: [] }
  }
  const found: Found = { problems: [], variables: new Set() }
  const nodes = templates as Node[]
  // A name that the template gives itself is the interpreter's.
  if (!/\{%-?\s*assign\b/.test(source))
    for (const node of nodes) if (node.token.name === undefined && node.value) markPlain(node, node.value)
  walk(nodes, { sure: new Set(), locals: new Map(), loops: 0 }, found)
  return { templates, problems: found.problems, variables: [...found.variables] }
}

type Found = { problems: TemplateProblem[]; variables: Set<string> }
/** What is known at a place: paths known to be filled, names made by the template itself. */
type Place = { sure: Set<string>; locals: Map<string, 'finding' | 'plain'>; loops: number }

const syntaxProblem = (error: unknown): TemplateProblem => {
  const { message = '', token } = error as Error & { token?: { begin?: number; input?: string } }
  const line = /line:(\d+)/.exec(message)?.[1]
  const detail = message.replace(/, (file:.*|line:\d+.*)$/s, '')
  return {
    code: 'syntax',
    detail,
    ...(line
      ? { line: Number(line) }
      : token?.input
        ? { line: lineOf(token as { input: string; begin: number }) }
        : {}),
  }
}

const lineOf = ({ input, begin }: { input: string; begin: number }): number =>
  input.slice(0, begin).split('\n').length

const walk = (nodes: readonly Node[], place: Place, found: Found): void => {
  for (const node of nodes) step(node, place, found)
}

const step = (node: Node, place: Place, found: Found): void => {
  const line = lineOf(node.token)
  const named = (value: Value | undefined): string[] => (value ? pathsOf(value, place, found, line) : [])
  if (node.token.name === undefined) {
    if (node.value) output(node, node.value, place, found, line)
    return
  }
  if (node.token.name === 'assign' && node.key && node.value) {
    named(node.value)
    place.locals.set(node.key, 'plain')
  } else if (node.token.name === 'for') loop(node, place, found, line)
  else {
    const about = named(node.value)
    const seen: string[] = []
    for (const branch of node.branches ?? []) {
      const paths = [...about, ...named(branch.value)]
      const isUnless = node.token.name === 'unless' && branch === node.branches?.[0]
      walk(branch.templates, isUnless ? place : { ...place, sure: new Set([...place.sure, ...paths]) }, found)
      seen.push(...paths)
    }
    const sure = node.token.name === 'unless' ? new Set([...place.sure, ...seen]) : place.sure
    walk(node.elseTemplates ?? [], { ...place, sure }, found)
  }
}

const loop = (node: Node, place: Place, found: Found, line: number): void => {
  const path = node.collection ? pathOf(node.collection) : null
  if (path === null) found.problems.push({ code: 'range', detail: '', line })
  else know(path, place, found, line)
  if (place.loops >= MAX_LOOPS) found.problems.push({ code: 'deep_loops', detail: '', line })
  const root = path?.split('.')[0] ?? ''
  const isFindings = variableOf(root)?.group === 'findings'
  const locals = new Map(place.locals)
  locals.set(node.variable ?? '', isFindings ? 'finding' : 'plain')
  locals.set('forloop', 'plain')
  walk(node.templates ?? [], { ...place, locals, loops: place.loops + 1 }, found)
  walk(node.elseTemplates ?? [], place, found)
}

const output = (node: Node, value: Value, place: Place, found: Found, line: number): void => {
  const paths = pathsOf(value, place, found, line)
  const path = paths[0]
  if (path === undefined) return
  const hasDefault = value.filters.some(({ name, args }) => name === 'default' && args.length > 0)
  if (hasDefault) return
  watchOutput(value, path)
  if (
    isAlways(path, place) ||
    place.sure.has(path) ||
    [...place.sure].some((one) => path.startsWith(`${one}.`))
  )
    return
  found.problems.push({ code: 'needs_fallback', detail: path, line })
}

const isAlways = (path: string, { locals }: Place): boolean => {
  const root = path.split('.')[0] ?? ''
  if (locals.has(root)) return true
  // One that does not exist is told already.
  if (root === 'finding') return ruleOfName(path.split('.')[1] ?? '') === null
  const variable = variableOf(root)
  return variable === null || variable.always === true || variable.flag === true
}

/** The variables of an expression, its own value first; unknown ones are told. */
const pathsOf = (value: Value, place: Place, found: Found, line: number): string[] => {
  const args = value.filters.flatMap(({ args: given }) => given.flat()) as Token[]
  const paths = [...value.initial.postfix, ...args].flatMap((token) => pathOf(token) ?? [])
  for (const path of paths) know(path, place, found, line)
  return paths
}

const pathOf = (token: Token | null | undefined): string | null => {
  if (!token || typeof token !== 'object' || !Array.isArray(token.props)) return null
  const parts = [token.variable, ...token.props].map((part) => String(part?.content ?? ''))
  return parts.filter(Boolean).join('.')
}

const know = (path: string, { locals }: Place, found: Found, line: number): void => {
  const [root = '', field] = path.split('.')
  const kind = locals.get(root)
  if (kind !== undefined) return
  const isFinding = root === 'finding'
  if (isFinding ? field !== undefined && ruleOfName(field) : variableOf(root))
    found.variables.add(isFinding ? `finding.${field}` : root)
  else found.problems.push({ code: 'unknown_variable', detail: path, line })
}

export const knownFindingFields: readonly string[] = findingFields
