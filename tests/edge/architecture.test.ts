import { expect, test } from 'bun:test'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '../..')

// All that may be inside the program that faces the Internet. What is not on this list is not shipped there.
const ALLOWED_FILES = [
  /^public-edge\//,
  /^src\/lib\/(errors|log|clock|settings|networks|i18n|small-body|sleep|style-policy|postgres-url|within)\.ts$/,
  /^src\/db\/(connect|lock|failures)\.ts$/,
  /^src\/public-api\//,
  /^templates\/public-api\//,
  /^src\/lib\/signed-call\.ts$/,
  /^src\/auth\/client-address\.ts$/,
  /^src\/tracking\/(routes|token|target|hit|queries(-edge)?|follow-old-link|page-security|read-form|read-script|honeypot|odd-host|signed-hits)\.tsx?$/,
  // The judge of hits that are kept with nobody.
  /^src\/tracking\/(judge-alone|classify-hits|certain-verdict|read-agent|address-origin|traffic-document|weigh-\w+)\.ts$/,
  /^src\/tracking\/(agents|cloud-networks)\.data\.json$/,
  /^templates\/tracking\//,
]
const ALLOWED_PACKAGES = ['hono', 'zod', 'postgres', 'ipaddr.js', 'isbot']

const readContents = async (): Promise<string[]> => {
  const result = await Bun.build({
    entrypoints: [join(ROOT, 'public-edge/main.ts')],
    target: 'bun',
    metafile: true,
  })
  return Object.keys(result.metafile?.inputs ?? {}).map((file) => file.replace(/^(\.\.\/)+/, ''))
}

const packageOf = (file: string): string | null => {
  const path = file.split('node_modules/').at(-1)
  if (path === undefined || path === file) return null
  const [scope = '', name = ''] = path.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

test('the edge contains only what may face the Internet', async () => {
  const contents = await readContents()
  expect(contents).toContain('public-edge/main.ts')
  const strangers = contents.filter((file) => {
    const name = packageOf(file)
    if (name !== null) return !ALLOWED_PACKAGES.includes(name)
    return !ALLOWED_FILES.some((pattern) => pattern.test(file))
  })
  expect(strangers).toEqual([])
})

test('the edge routes with the small router', async () => {
  const contents = await readContents()
  expect(contents.some((file) => file.includes('hono/dist/preset/tiny'))).toBe(true)
  expect(contents.filter((file) => /reg-exp-router|smart-router|trie-router/.test(file))).toEqual([])
})
