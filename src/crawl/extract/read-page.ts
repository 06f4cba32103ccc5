import { decodeHTML } from 'entities'
import { type HtmlSink, type RawAttributes, scanHtml } from './scan-html.ts'
import { addressesIn, emailsInAttributes, mayHideEmail } from './email-attributes.ts'
import { decodeCloudflare, reverseText } from './email-ciphers.ts'
import { emptyView, IN_FOOTER, IN_QUOTE, type PageAnchor, type PageForm, type PageView } from './page-view.ts'
import {
  attribute,
  dataText,
  pixels,
  pushCapped,
  readLink,
  readMeta,
  readStyleUrls,
  readTime,
  readWidget,
  resolve,
} from './read-elements.ts'
import {
  AT_ICON,
  AT_IMAGE,
  AT_IMAGE_FILE,
  DECOY,
  FAX_ICON,
  FOOTER_NAME,
  HIDDEN_NAME,
  HIDDEN_STYLE,
  INVISIBLE_ALL,
  QUOTE_ID,
  QUOTE_NAME,
  REVERSED_STYLE,
  tidy,
  UNTIDY,
} from './page-signs.ts'
import { numbersInAttribute } from './phone-attributes.ts'
import { BLOCKS, CONTAINER_FLAGS, CONTAINERS, OLD_TAGS, VOID } from './element-kinds.ts'
import { registrableDomain } from './site-identity.ts'
import {
  noStyles,
  readStyles,
  readLateStyles,
  styledNames,
  writesAddress,
  writtenText,
} from './style-rules.ts'
import { lowerCase, markHints } from './word-spots.ts'

const MAX_TEXT = 1_500_000
const MAX_LINE = 20_000
const MAX_ANCHORS = 5_000
const MAX_IMAGES = 1_000
const MAX_FORMS = 50
const MAX_FIELDS = 100
const MAX_STACK = 2_000
const MAX_CLOSE_SEARCH = 64
const MAX_MARKS = 4_000
const MAX_INLINE_SCRIPT = 60_000
const MAX_INLINE_SCRIPTS = 400_000
const MAX_COMMENTS = 80
const MAX_JSON_LD = 400_000

const TO_CALL_OR_WRITE = /^\s*(?:mailto|tel):/i

type OpenElement = {
  tag: string
  flags: number
  hidden: boolean
  reversedFrom: number
  decoyFrom: number
  /** What a style sheet writes after it */
  after: string
}
const BODY: OpenElement = { tag: 'body', flags: 0, hidden: false, reversedFrom: -1, decoyFrom: -1, after: '' }

/** Reads one HTML text into the view the extractors work on: visible lines, links, forms, images, scripts. */
export function readPage(html: string, url: string, siteHost: string): PageView {
  const view = emptyView(url, siteHost)
  const { lines, hiddenEmails, anchors, forms, images } = view
  const ownLabel = (registrableDomain(siteHost) ?? '').split('.')[0]!
  const stack: OpenElement[] = []
  const styles = noStyles()
  const flagsOfClass = new Map<string, number>()
  let depth = 0
  let top: OpenElement = BODY
  let openAnchor: PageAnchor | null = null
  let form: PageForm | null = null
  let buffer = ''
  let lastClosed = ''
  let blockTag = 'body'
  let lineFlags = 0
  let position = 0
  let inlineScriptLength = 0
  let jsonLdLength = 0

  const endLine = (): void => {
    if (buffer === '') return
    let text = buffer.trim()
    buffer = ''
    if (text === '') return
    if (UNTIDY.test(text)) text = tidy(text)
    if (text === '') return
    lines.push({ text, tag: blockTag, flags: lineFlags, start: position, hints: 0 })
    position += text.length + 1
  }
  const append = (text: string): void => {
    if (position > MAX_TEXT) return
    if (buffer === '') lineFlags = top.flags
    buffer += text
    if (openAnchor && openAnchor.text.length < 300) openAnchor.text += text
    if (buffer.length > MAX_LINE) endLine()
  }
  const hide = (value: string, method: string): void => {
    if (hiddenEmails.length < 200) hiddenEmails.push({ value, method, line: lines.length })
  }

  // Where the text of a link ended: two links side by side are two words, and so is what stands before an address.
  let afterLink = -1

  let openTables = 0
  const countOldTag = (tag: string): void => {
    view.oldTags[tag] = (view.oldTags[tag] ?? 0) + 1
    if (tag !== 'table') return
    if (openTables > 0) view.oldTags['nested-table'] = (view.oldTags['nested-table'] ?? 0) + 1
    openTables++
  }

  const keepComment = (start: string): void => {
    if (view.comments.length < MAX_COMMENTS) view.comments.push(start)
  }

  const readClasses = (className: string): number => {
    const known = flagsOfClass.get(className)
    if (known !== undefined) return known
    for (const token of className.split(/\s+/)) addMark(view.marks, token)
    const flags = (QUOTE_NAME.test(className) ? IN_QUOTE : 0) | (FOOTER_NAME.test(className) ? IN_FOOTER : 0)
    if (flagsOfClass.size < MAX_MARKS) flagsOfClass.set(className, flags)
    return flags
  }

  const sink: HtmlSink = {
    text(raw) {
      if (top.hidden || (buffer === '' && raw.trim() === '')) return
      append(raw.includes('&') ? decodeHTML(raw) : raw)
    },
    rawText(tag, attributes, content) {
      if (tag === 'title') {
        view.title ??= decodeHTML(content.slice(0, 2_000)).replace(/\s+/g, ' ').trim() || null
      } else if (tag === 'script') {
        const type = attributes.type ?? ''
        const inline = attributes.src?.startsWith('data:') ? dataText(attributes.src) : null
        if (inline !== null) view.inlineScripts.push(inline)
        else if (attributes.src) {
          pushCapped(view.scripts, attribute(attributes, 'src')!)
          if (!attributes.integrity) pushCapped(view.unguardedScripts, attribute(attributes, 'src')!)
        } else if (/ld\+json/i.test(type)) {
          jsonLdLength += content.length
          if (jsonLdLength <= MAX_JSON_LD) view.jsonLd.push(content)
        } else if (inlineScriptLength < MAX_INLINE_SCRIPTS) {
          const kept = content.slice(0, MAX_INLINE_SCRIPT)
          inlineScriptLength += kept.length
          view.inlineScripts.push(kept)
        }
        if (attributes.id) addMark(view.marks, `#${attributes.id}`)
        for (const name in attributes) if (name.startsWith('data-')) addMark(view.marks, name)
      } else if (tag === 'iframe') {
        const src = attribute(attributes, 'src') ?? attribute(attributes, 'data-src')
        if (src) {
          pushCapped(view.resources, src)
          anchors.push({
            href: src,
            text: '',
            rel: null,
            title: null,
            line: lines.length,
            flags: top.flags,
            tag,
          })
        }
        const inner = attribute(attributes, 'srcdoc') ?? ''
        if (inner.includes('@')) for (const value of addressesIn(inner)) hide(value, 'attribute')
        endLine()
      } else if (tag === 'textarea') addField(form, attributes, 'textarea')
      else if (tag === 'style') {
        readStyles(content, styles)
        readStyleUrls(view, content)
        if (/^\s*\/\*/.test(content)) keepComment(content.slice(0, 120))
      }
    },
    comment: (start) => keepComment(start),
    open(tag, attributes) {
      view.elementCount++
      const block = BLOCKS.has(tag)
      if (block) endLine()
      if (OLD_TAGS.has(tag)) countOldTag(tag)
      const className = attributes.class ?? ''
      let hidesEmail = tag === 'form' || tag === 'joomla-hidden-mail'
      for (const name in attributes) {
        if (name === 'class' || name === 'id' || name === 'style' || name === 'src') continue
        const value = attributes[name]!
        if (name.startsWith('data-')) {
          addMark(view.marks, name)
          if (name === 'data-cfemail') {
            const email = decodeCloudflare(value)
            if (email) hide(email, 'cfemail')
          } else {
            for (const number of numbersInAttribute(name, value, className))
              anchors.push({
                href: `tel:${number}`,
                text: '',
                rel: null,
                title: null,
                line: lines.length,
                flags: top.flags,
                tag,
              })
            hidesEmail ||= mayHideEmail(name, value, ownLabel)
          }
        } else if (name === 'itemscope' || name === 'itemprop') view.hasMicrodata = true
        else if (name === 'ng-version') {
          addMark(view.marks, name)
          view.metas.push({ name, content: value })
        } else if (!hidesEmail) hidesEmail = mayHideEmail(name, value, ownLabel)
      }
      const classFlags = className === '' ? 0 : readClasses(className)
      if (attributes.id) addMark(view.marks, `#${attributes.id}`)
      if (className.includes('fb-page')) readWidget(view, attributes)
      if (hidesEmail)
        for (const found of emailsInAttributes(tag, attributes, siteHost)) hide(found.value, found.method)

      if (tag === 'a' || tag === 'area' || tag === 'frame') {
        if (openAnchor && tag === 'a') openAnchor = null
        const href = attribute(attributes, tag === 'frame' ? 'src' : 'href')
        const apart = afterLink === buffer.length || (href !== null && TO_CALL_OR_WRITE.test(href))
        if (buffer !== '' && apart && /[\p{L}\d]$/u.test(buffer)) append(' ')
        if (href && anchors.length < MAX_ANCHORS) {
          const anchor: PageAnchor = {
            href: href.trim(),
            text: tag === 'area' ? (attribute(attributes, 'alt') ?? '') : '',
            rel: attributes.rel ?? null,
            title: attribute(attributes, 'title') ?? attribute(attributes, 'aria-label'),
            line: lines.length,
            flags: top.flags,
            tag,
          }
          anchors.push(anchor)
          if (tag === 'a') openAnchor = anchor
        }
      } else if (tag === 'img') {
        view.imageCount++
        const alt = attribute(attributes, 'alt')
        if (attributes.alt === undefined) view.imagesWithoutAlt++
        const src = attribute(attributes, 'src') ?? ''
        const lazy = attribute(attributes, 'data-src') ?? attribute(attributes, 'data-lazy-src')
        const real = src === '' || src.startsWith('data:') ? (lazy ?? src) : src
        if (images.length < MAX_IMAGES && real !== '' && !real.startsWith('data:')) {
          const [width, height] = [pixels(attributes.width), pixels(attributes.height)]
          images.push({ src: real, alt, width, height, line: lines.length, flags: top.flags })
        }
        if (buffer !== '' && ((alt && AT_IMAGE.test(alt.trim())) || (!alt && AT_IMAGE_FILE.test(src))))
          append('@')
        else if (alt && openAnchor && openAnchor.text.length < 300) openAnchor.text += ` ${alt} `
      } else if (tag === 'meta') readMeta(view, attributes)
      else if (tag === 'link') readLink(view, attributes)
      else if (tag === 'base') view.base = resolve(attribute(attributes, 'href') ?? '', url) ?? url
      else if (tag === 'html') view.lang = attributes.lang ?? attributes['xml:lang'] ?? null
      else if (tag === 'form' && forms.length < MAX_FORMS) {
        form = {
          action: attribute(attributes, 'action') ?? '',
          method: /^post$/i.test(attributes.method ?? '') ? 'post' : 'get',
          fields: [],
          line: lines.length,
        }
        forms.push(form)
      } else if (tag === 'input') addField(form, attributes, (attributes.type ?? 'text').toLowerCase())
      else if ((tag === 'time' || tag === 'abbr') && !(top.flags & IN_QUOTE)) readTime(view, attributes)
      else if (tag === 'select') addField(form, attributes, 'select')
      else if (tag === 'source' || tag === 'embed' || tag === 'object') {
        const src = attribute(attributes, 'src') ?? attribute(attributes, 'data')
        if (src) pushCapped(view.resources, src)
      }
      if (!block && className.includes('fax') && FAX_ICON.test(className)) append(' Fax : ')
      if (className !== '' && !block && AT_ICON.test(className) && /\S$/.test(buffer)) append('@')

      const names = styledNames(styles, className, attributes.id)
      let after = ''
      for (const name of names) {
        const before = writtenText(styles, name, 'before', attributes)
        if (before !== '' && (writesAddress(styles, name) || buffer.endsWith('@'))) append(before)
        after ||= writtenText(styles, name, 'after', attributes)
        if (after !== '' && !writesAddress(styles, name) && !buffer.endsWith('@')) after = ''
      }

      if (VOID.has(tag)) return
      depth++
      if (depth > view.deepest) view.deepest = depth
      if (depth > MAX_STACK) return
      let flags = top.flags | (CONTAINER_FLAGS[tag] ?? 0)
      if (CONTAINERS.has(tag))
        flags |= classFlags | (attributes.id && QUOTE_ID.test(attributes.id) ? IN_QUOTE : 0)
      // <figure><blockquote>…</blockquote><figcaption>the one who said it
      if (tag === 'figcaption' && lastClosed === 'blockquote') flags |= IN_QUOTE
      const style = attributes.style ?? ''
      const hidden =
        top.hidden ||
        tag === 'option' ||
        tag === 'template' ||
        className === 'spancrypt' ||
        (!block && style !== '' && HIDDEN_STYLE.test(style))
      const reversed =
        (style !== '' && REVERSED_STYLE.test(style)) ||
        (tag === 'bdo' && /^rtl$/i.test(attributes.dir ?? '')) ||
        names.some((name) => styles.reversed.has(name))
      const decoy =
        !block &&
        (names.some((name) => styles.hidden.has(name)) ||
          attributes.hidden !== undefined ||
          (className !== '' && HIDDEN_NAME.test(className))) &&
        /[\w@.-]/.test(buffer.at(-1) ?? '')
      top = {
        tag,
        flags,
        hidden,
        reversedFrom: reversed ? buffer.length : -1,
        decoyFrom: decoy ? buffer.length : -1,
        after,
      }
      stack.push(top)
      if (block) blockTag = tag
    },
    close(tag) {
      if (tag === 'table' && openTables > 0) openTables--
      if (depth > MAX_STACK) {
        depth--
        return
      }
      let index = stack.length - 1
      const lowest = Math.max(0, index - MAX_CLOSE_SEARCH)
      while (index >= lowest && stack[index]!.tag !== tag) index--
      const block = BLOCKS.has(tag)
      if (index < lowest || index < 0) {
        if (block) endLine()
        return
      }
      const closed = stack[index]!
      lastClosed = tag
      if (closed.reversedFrom >= 0 && closed.reversedFrom < buffer.length) {
        buffer = buffer.slice(0, closed.reversedFrom) + reverseText(buffer.slice(closed.reversedFrom))
      }
      if (closed.after !== '' && buffer !== '') append(closed.after)
      else if (closed.after.includes('@')) append(closed.after)
      // A hidden word inside an address; a hidden sentence or number may be shown by a click.
      if (closed.decoyFrom >= 0 && closed.decoyFrom < buffer.length) {
        const inner = buffer.slice(closed.decoyFrom)
        if (DECOY.test(inner) && inner !== '@' && !/\d{6}/.test(inner))
          buffer = buffer.slice(0, closed.decoyFrom)
      }
      if (block) endLine()
      if (tag === 'a') {
        openAnchor = null
        afterLink = buffer.length
      }
      if (tag === 'form') form = null
      stack.length = index
      depth = index
      top = stack[index - 1] ?? BODY
      if (tag === 'h1' && view.h1.length < 20) {
        const last = lines.at(-1)
        if (last && last.tag === 'h1') view.h1.push(last.text.slice(0, 300))
      }
      if (block) blockTag = top.tag
    },
  }
  readLateStyles(html, styles)
  scanHtml(html, sink)
  endLine()
  view.text = lines.map((line) => line.text).join('\n')
  view.lower = lowerCase(view.text)
  view.hints = markHints(view.lower, lines)
  for (const anchor of anchors)
    anchor.text = anchor.text.replace(INVISIBLE_ALL, '').replace(/\s+/g, ' ').trim()
  return view
}

function addMark(marks: Set<string>, mark: string): void {
  if (marks.size < MAX_MARKS && mark.length < 60) marks.add(mark)
}

function addField(form: PageForm | null, attributes: RawAttributes, type: string): void {
  if (!form || form.fields.length >= MAX_FIELDS) return
  const name = attribute(attributes, 'name') ?? attributes.id ?? ''
  form.fields.push({ name: name.slice(0, 100), type: type.slice(0, 30) })
}
