import type { FormFact, ImageFact, OpenGraphFact } from '../site-record.ts'
import { oneLine, type PageView, snippetOfLine } from './page-view.ts'

const MAX_OPEN_GRAPH = 60
const CSRF_FIELD =
  /csrf|xsrf|authenticity_token|^_?token$|_token$|nonce|__requestverificationtoken|form_build_id/i
const NO_FIELD = new Set(['submit', 'button', 'image', 'reset'])

export function openGraphFacts(view: PageView): OpenGraphFact[] {
  const facts: OpenGraphFact[] = []
  for (const { name, content } of view.metas) {
    if (!/^(?:og|twitter|article|product|business|place):/.test(name) || facts.length >= MAX_OPEN_GRAPH)
      continue
    facts.push({
      property: name,
      value: content.slice(0, 1_000),
      pageUrl: view.url,
      method: 'meta',
      snippet: oneLine(`${name}: ${content}`),
      confidence: 0.99,
    })
  }
  return facts
}

export function formFacts(view: PageView): FormFact[] {
  const metaToken = view.metas.some((meta) => /^csrf-token$/.test(meta.name))
  return view.forms.map((form) => {
    const action = URL.parse(form.action || view.url, view.base)?.href ?? view.url
    return {
      action,
      formMethod: form.method,
      fields: form.fields.filter((field) => !NO_FIELD.has(field.type)),
      hasPassword: form.fields.some((field) => field.type === 'password'),
      hasFileUpload: form.fields.some((field) => field.type === 'file'),
      hasCsrfToken: metaToken || form.fields.some((field) => CSRF_FIELD.test(field.name)),
      pageUrl: view.url,
      method: 'form',
      snippet: snippetOfLine(view, form.line) || oneLine(action),
      confidence: 0.99,
    }
  })
}

/** Images with their declared sizes, each source once. */
export function imageFacts(view: PageView): ImageFact[] {
  const facts = new Map<string, ImageFact>()
  for (const image of view.images) {
    const src = URL.parse(image.src, view.base)?.href
    if (!src || facts.has(src)) continue
    facts.set(src, {
      src: src.slice(0, 2_000),
      alt: image.alt?.slice(0, 300) ?? null,
      width: image.width,
      height: image.height,
      pageUrl: view.url,
    })
  }
  return [...facts.values()]
}

/** http:// subresources of an https page. */
export function mixedContent(view: PageView): string[] {
  if (!view.url.startsWith('https:')) return []
  const sources = [...view.scripts, ...view.stylesheets, ...view.images.map((image) => image.src)]
  const frames = view.anchors.filter((anchor) => anchor.tag === 'iframe').map((anchor) => anchor.href)
  return [...new Set([...sources, ...frames].filter((url) => /^http:\/\//i.test(url)))].slice(0, 100)
}
