import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import tablerCss from '@tabler/core/dist/css/tabler.min.css' with { type: 'file' }
import tablerJs from '@tabler/core/dist/js/tabler.min.js' with { type: 'file' }
import htmxSse from 'htmx.org/dist/ext/hx-sse.min.js' with { type: 'file' }
import htmx from 'htmx.org/dist/htmx.min.js' with { type: 'file' }
import appCss from './app.css' with { type: 'file' }
import appJs from './app.client.js' with { type: 'file' }
import favicon from './favicon.svg' with { type: 'file' }
import themeJs from './theme.client.js' with { type: 'file' }

type Asset = { file: string; type: string }

const JAVASCRIPT = 'text/javascript; charset=utf-8'
const CSS = 'text/css; charset=utf-8'

/** Every static file of the product by its public name; all of them travel inside the executable. */
const files: Record<string, Asset> = {
  'tabler.css': { file: tablerCss, type: CSS },
  'tabler.js': { file: tablerJs, type: JAVASCRIPT },
  'htmx.js': { file: htmx, type: JAVASCRIPT },
  'htmx-sse.js': { file: htmxSse, type: JAVASCRIPT },
  'app.css': { file: appCss, type: CSS },
  'app.js': { file: appJs, type: JAVASCRIPT },
  'theme.js': { file: themeJs, type: JAVASCRIPT },
  'favicon.svg': { file: favicon, type: 'image/svg+xml' },
}

const versions = new Map<string, string>()

const versionOf = (name: string, asset: Asset): string => {
  let version = versions.get(name)
  if (version === undefined) {
    version = createHash('sha256').update(readFileSync(asset.file)).digest('hex').slice(0, 10)
    versions.set(name, version)
  }
  return version
}

/** `/assets/<name>?v=<content hash>`: may be cached for ever, changes with its content. */
export const assetPath = (name: string): string => {
  const asset = files[name]
  if (!asset) throw new Error(`no asset named ${name}`)
  return `/assets/${name}?v=${versionOf(name, asset)}`
}

export const findAsset = (name: string): Asset | undefined =>
  Object.hasOwn(files, name) ? files[name] : undefined
