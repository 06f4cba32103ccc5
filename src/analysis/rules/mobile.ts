import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'

/** Whether the home page is laid out for phones. */
export const checkMobile = ({ home, pages }: SiteView): Finding[] => {
  if (!home || home.truncated) return []
  const pageUrl = home.finalUrl
  const viewport = home.viewport?.trim() ?? ''
  if (viewport === '') {
    const without = pages.filter((page) => (page.viewport ?? '').trim() === '').length
    return [found('viewport-missing', { pageUrl, params: { count: without, pages: pages.length } })]
  }
  const settings = new Map(
    viewport.split(/[,;]/).map((part) => {
      const [name = '', value = ''] = part.split('=')
      return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const
    }),
  )
  const findings: Finding[] = []
  const width = settings.get('width') ?? ''
  if (/^\d{3,4}(px)?$/.test(width)) {
    findings.push(
      found('viewport-fixed', { pageUrl, params: { width: Number.parseInt(width, 10), viewport } }),
    )
  }
  const scale = settings.get('maximum-scale')
  const scalable = settings.get('user-scalable')
  if (scalable === 'no' || scalable === '0' || (scale !== undefined && scale !== '' && Number(scale) <= 1)) {
    findings.push(found('zoom-disabled', { pageUrl, params: { viewport } }))
  }
  return findings
}
