import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { commands } from '#src/cli/commands.ts'
import { loadConfig } from '#src/config.ts'
import { guideBlocks } from '#tests/support/guide.ts'
import { testWith } from '#tests/support/tool.ts'

const DEPLOY = join(import.meta.dir, '../../deploy')
const OLD_UNITS = ['prospectlab-celery', 'prospectlab-celerybeat']
/** Of PostgreSQL's, mail's and the old product's own, not settings of ours. */
const OTHER_NAMES = [
  'AAAA',
  'SPF',
  'DKIM',
  'DMARC',
  'DMARC1',
  'CELERY_BROKER_URL',
  'CELERY_RESULT_BACKEND',
  'CELERY_WORKERS',
]

const shell = guideBlocks().filter(({ language }) => language === 'sh')
const all = shell.map(({ text }) => text).join('\n')
const textOf = (name: string) => readFileSync(join(DEPLOY, name), 'utf8')
const everyNamed = (pattern: RegExp, text: string) => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[1]!)),
]

describe('the guide', () => {
  test('has the same commands and settings in French and in English, under as many headings', () => {
    const of = (name: 'GUIDE.md' | 'GUIDE.fr.md') =>
      guideBlocks(name).filter(({ language }) => language !== '')
    const plain = (name: 'GUIDE.md' | 'GUIDE.fr.md') => of(name).map(({ language, text }) => [language, text])
    expect(plain('GUIDE.fr.md')).toEqual(plain('GUIDE.md'))
    const headings = (name: string) => textOf(name).match(/^## \d+\./gm)
    expect(headings('GUIDE.fr.md')).toEqual(headings('GUIDE.md'))
    const rows = (name: string) => textOf(name).match(/^\|/gm)?.length
    expect(rows('GUIDE.fr.md')).toBe(rows('GUIDE.md')!)
  })

  testWith('shellcheck')('has commands that a shell reads without doubt', () => {
    for (const { text, line } of shell) {
      // `pl` is the guide's own; a `cd` that fails is seen by who types it.
      const script = `# shellcheck shell=bash disable=SC2164,SC2119,SC2120,SC2010,SC2024\n${text}\n`
      const run = Bun.spawnSync(['shellcheck', '-'], { stdin: Buffer.from(script) })
      expect([line, run.stdout.toString()]).toEqual([line, ''])
    }
  })

  test('names only files that are shipped', () => {
    const own = everyNamed(
      /\b(deploy\/[\w.-]+|(?:sites|conf\.d|snippets)\/[\w.-]+\.conf)/g,
      textOf('GUIDE.md'),
    )
    expect(own.length).toBeGreaterThan(4)
    for (const path of own)
      expect([
        path,
        existsSync(join(DEPLOY, path.startsWith('deploy/') ? `../${path}` : `nginx/${path}`)),
      ]).toEqual([path, true])
    for (const path of everyNamed(/tools\/(nginx\/[\w./-]*)/g, all))
      expect([path, existsSync(join(DEPLOY, path))]).toEqual([path, true])
    expect(
      readdirSync(join(DEPLOY, 'nginx/snippets')).every((name) => /^prospectlab-.*\.conf$/.test(name)),
    ).toBe(true)
  })

  test('runs only commands of the program that exist, with options they take', () => {
    const calls = everyNamed(/^pl ([a-z].*)$/gm, all)
    expect(calls.length).toBeGreaterThan(5)
    for (const call of calls) {
      const command = commands[call.split(' ')[0]!]
      expect([call, command !== undefined]).toEqual([call, true])
      for (const option of call.match(/--[a-z-]+/g) ?? [])
        expect([call, command!.usage.includes(option)]).toEqual([call, true])
    }
  })

  test('has settings that the program accepts, and names no other', () => {
    const settings = guideBlocks().filter(({ language }) => language === 'env')
    expect(settings).toHaveLength(3)
    for (const { text } of settings) expect(() => loadConfig(parseEnv(text))).not.toThrow()
    const known =
      readFileSync(join(DEPLOY, '../src/config.ts'), 'utf8') +
      readFileSync(join(DEPLOY, '../public-edge/config.ts'), 'utf8')
    const names = everyNamed(/`([A-Z][A-Z_\d]{3,})(?:=[^`]*)?`/g, textOf('GUIDE.md')).filter(
      (name) => !OTHER_NAMES.includes(name),
    )
    for (const name of names) expect([name, known.includes(`${name}:`)]).toEqual([name, true])
    for (const [name] of settings.flatMap(({ text }) => Object.entries(parseEnv(text))))
      expect([name, known.includes(`${name}:`)]).toEqual([name, true])
  })

  test('starts and stops only units that are shipped', () => {
    const units = everyNamed(
      /\b(prospectlab(?:-[a-z]+)?)(?:\.service)?\b/g,
      all
        .match(/^.*systemctl.*$/gm)!
        .join('\n')
        .replaceAll(/sudo systemctl disable.*/g, ''),
    )
    for (const unit of units.filter((name) => !OLD_UNITS.includes(name)))
      expect([unit, existsSync(join(DEPLOY, 'systemd', `${unit}.service`))]).toEqual([unit, true])
  })

  testWith('visudo')('gives the deploying user rights that sudo understands', () => {
    const rule = /<<'SUDOERS'\n([^]*?)\nSUDOERS/.exec(all)![1]!
    const run = Bun.spawnSync(['visudo', '-c', '-f', '-'], {
      stdin: Buffer.from(`${rule}\n`),
      env: { PATH: '/usr/sbin:/usr/bin' },
    })
    expect([run.exitCode, run.stderr.toString()]).toEqual([0, ''])
    // What remote.sh asks sudo for once units are installed.
    for (const unit of ['prospectlab', 'prospectlab-edge', 'prospectlab-worker'])
      expect(rule).toContain(`/usr/bin/systemctl restart ${unit}.service`)
  })
})
