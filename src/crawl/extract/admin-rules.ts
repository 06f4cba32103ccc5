import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '#src/lib/settings.ts'
import { compilePattern } from './admin-rule-patterns.ts'

const MAX_FILES = 60
const MAX_FILE_BYTES = 20 * 1024 * 1024
const MAX_RULES = 20_000
const MAX_PATTERNS = 60
const SETTING = 'TECHNOLOGY_RULES_DIR'

/** One technology of the admin's folder as plain JSON: a thread compiles it once. Patterns as written. */
export type AdminRule = {
  name: string
  category: string
  categoryIds: number[]
  headers: Record<string, string[]>
  cookies: Record<string, string[]>
  meta: Record<string, string[]>
  scriptSrc: string[]
  scripts: string[]
  html: string[]
  text: string[]
  url: string[]
  dom: { selector: string; text: string[]; attributes: Record<string, string[]> }[]
  implies: string[]
  requires: string[]
  requiresCategory: number[]
  excludes: string[]
}

const patterns = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().slice(0, MAX_PATTERNS))
  .catch([])
const named = z.record(z.string(), patterns).catch({})
const ids = z
  .union([z.number(), z.array(z.number())])
  .transform((value) => [value].flat())
  .catch([])
const condition = z.object({
  exists: z.unknown().optional(),
  text: patterns.optional(),
  attributes: named.optional(),
})
const selectors = z.record(z.string(), condition.catch({}))
const dom = z
  .union([z.string(), z.array(z.union([z.string(), selectors])), selectors])
  .transform((value) =>
    [value].flat().flatMap((one) =>
      typeof one === 'string'
        ? [{ selector: one, text: [], attributes: {} }]
        : Object.entries(one).map(([selector, { text = [], attributes = {} }]) => ({
            selector,
            text,
            attributes,
          })),
    ),
  )
  .catch([])
const technology = z.object({
  cats: ids.default([]),
  headers: named.default({}),
  cookies: named.default({}),
  meta: named.default({}),
  scriptSrc: patterns.default([]),
  // The name that scriptSrc had before 2021
  script: patterns.default([]),
  scripts: patterns.default([]),
  html: patterns.default([]),
  text: patterns.default([]),
  url: patterns.default([]),
  dom: dom.default([]),
  implies: patterns.default([]),
  requires: patterns.default([]),
  requiresCategory: ids.default([]),
  excludes: patterns.default([]),
})
const categoryList = z.record(z.string(), z.object({ name: z.string() }))

/** Our name of the categories that theirs call otherwise. */
const CATEGORIES: Record<string, string> = {
  'message-boards': 'forum',
  'page-builders': 'page-builder',
  'web-servers': 'server',
  'web-frameworks': 'framework',
  'javascript-frameworks': 'framework',
  'javascript-libraries': 'javascript-library',
  'ui-frameworks': 'css-framework',
  'programming-languages': 'language',
  'operating-systems': 'operating-system',
  'static-site-generator': 'static-generator',
  'font-scripts': 'font',
  maps: 'map',
  'live-chat': 'chat',
  'payment-processors': 'payment',
  paas: 'host',
  hosting: 'host',
  'hosting-panels': 'hosting-panel',
  'cookie-compliance': 'consent',
  'tag-managers': 'tag-manager',
  'marketing-automation': 'marketing',
  email: 'email-marketing',
  caching: 'cache',
  'video-players': 'video',
  'appointment-scheduling': 'booking',
  'reservations-&-delivery': 'booking',
  'wordpress-plugins': 'wordpress-plugin',
  'wordpress-themes': 'wordpress-theme',
  'search-engines': 'search',
  'issue-trackers': 'monitoring',
}

export type AdminRules = { rules: AdminRule[]; skippedPatterns: number }

/** Reads a folder of Wappalyzer-format JSON: files by letter or one `technologies.json`, beside `categories.json`.
 *  Unknown keys are ignored, `js` too (no script is run). Throws ConfigError when nothing usable is there. */
export function readAdminRules(folder: string): AdminRules {
  const files = jsonFiles(folder)
  const categories = new Map<number, string>()
  const rules: AdminRule[] = []
  for (const file of files) {
    const content = readJson(folder, file)
    const inside = z.object({ categories: categoryList.optional() }).safeParse(content)
    const listed = file === 'categories.json' ? categoryList.safeParse(content).data : inside.data?.categories
    for (const [id, { name }] of Object.entries(listed ?? {})) categories.set(Number(id), slugOf(name))
  }
  for (const file of files.filter((name) => name !== 'categories.json'))
    for (const [name, value] of Object.entries(technologiesOf(readJson(folder, file)))) {
      const parsed = technology.safeParse(value)
      if (!parsed.success || name.length > 100 || rules.length >= MAX_RULES) continue
      const { cats, script, ...rest } = parsed.data
      rules.push({
        ...rest,
        name,
        category: categories.get(cats[0] ?? -1) ?? 'other',
        categoryIds: cats,
        headers: lowerKeys(rest.headers),
        meta: lowerKeys(rest.meta),
        scriptSrc: [...rest.scriptSrc, ...script],
      })
    }
  if (rules.length === 0) throw new ConfigError(`${SETTING}: no technology rules in ${folder}`)
  return { rules, skippedPatterns: rules.flatMap(patternsOf).filter((one) => !compilePattern(one)).length }
}

const jsonFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .toSorted()
      .slice(0, MAX_FILES)
  } catch {
    throw new ConfigError(`${SETTING}: ${folder} is not a folder that can be read`)
  }
}

const readJson = (folder: string, name: string): unknown => {
  const bytes = readFileSync(join(folder, name))
  if (bytes.length > MAX_FILE_BYTES) throw new ConfigError(`${SETTING}: ${name} is too large`)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new ConfigError(`${SETTING}: ${name} is not JSON`)
  }
}

// One file may hold everything, under `technologies`, or `apps` as it was called at first.
const technologiesOf = (content: unknown): Record<string, unknown> => {
  const wrapped = z.object({ technologies: z.record(z.string(), z.unknown()) }).safeParse(content)
  if (wrapped.success) return wrapped.data.technologies
  const apps = z.object({ apps: z.record(z.string(), z.unknown()) }).safeParse(content)
  if (apps.success) return apps.data.apps
  return z.record(z.string(), z.unknown()).safeParse(content).data ?? {}
}

const slugOf = (name: string): string => {
  const slug = name.trim().toLowerCase().replace(/\s+/g, '-').slice(0, 40)
  return CATEGORIES[slug] ?? slug
}

const lowerKeys = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]))

const patternsOf = (rule: AdminRule): string[] => [
  ...[rule.headers, rule.cookies, rule.meta].flatMap((record) => Object.values(record).flat()),
  ...[rule.scriptSrc, rule.scripts, rule.html, rule.text, rule.url].flat(),
  ...rule.dom.flatMap(({ text, attributes }) => [...text, ...Object.values(attributes).flat()]),
]
