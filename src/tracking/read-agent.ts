import { isbot } from 'isbot'
import data from './agents.data.json'

/** What a user agent claims to be. `version` is the browser's main version, 0 when untold. */
export type Agent = {
  /** `webkit`: a page inside an application; `other`: an older browser. */
  browser: 'chrome' | 'firefox' | 'safari' | 'webkit' | 'other' | null
  version: number
  /** A browser that fixes the minor parts of its version at zero, as Chrome does since 2022–2023. */
  isReduced: boolean
  isWebView: boolean
  os: 'windows' | 'mac' | 'ios' | 'android' | 'linux' | null
  /** A system that later browsers do not run on, so that an old one is to be expected. */
  isOldSystem: boolean
  /** A browser given up long ago. */
  isAbandoned: boolean
  isMailProgram: boolean
  imageProxy: string | null
  isGmailPrefetch: boolean
  isScanner: boolean
  isBot: boolean
}

const osOf = (agent: string): Agent['os'] => {
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios'
  if (/Android/.test(agent)) return 'android'
  if (/Windows/.test(agent)) return 'windows'
  if (/Macintosh|Mac OS X/.test(agent)) return 'mac'
  return /Linux|X11|CrOS/.test(agent) ? 'linux' : null
}

const browserOf = (agent: string): Pick<Agent, 'browser' | 'version' | 'isReduced'> => {
  const chrome = /Chrom(?:e|ium)\/(\d{1,4})(\.[\d.]*)?/.exec(agent)
  if (chrome)
    return { browser: 'chrome', version: Number(chrome[1]), isReduced: /^\.0\.0\.0$/.test(chrome[2] ?? '') }
  const firefox = /(?:Firefox|FxiOS)\/(\d{1,4})/.exec(agent)
  if (firefox) return { browser: 'firefox', version: Number(firefox[1]), isReduced: true }
  const safari = /Version\/(\d{1,3})\S*.* Safari\//.exec(agent)
  if (safari) return { browser: 'safari', version: Number(safari[1]), isReduced: true }
  const older = /Trident\/|MSIE |Opera\/|Presto/.test(agent) ? 'other' : null
  return { browser: /AppleWebKit\//.test(agent) ? 'webkit' : older, version: 0, isReduced: true }
}

/** Any of the names, where a word may begin. */
const anyOf = (names: readonly string[]): RegExp =>
  new RegExp(`(?<![a-z])(?:${names.map((name) => RegExp.escape(name)).join('|')})`)

const SCANNERS = anyOf(data.scanners)
const SCANNER_WORDS = new RegExp(data.scannerWords.map((word) => RegExp.escape(word)).join('|'))
// Mail programs nobody has listed mostly have mail in their name.
const MAIL_PROGRAMS = new RegExp(`${anyOf(data.mailPrograms).source}|mail(?!to)`)
const TEXT_BROWSERS = anyOf(data.textBrowsers)
const GMAIL_PREFETCH = anyOf(data.gmailPrefetch)

const OLD_SYSTEM =
  /Windows NT [56]\.|Android [4-9]\b|Mac OS X 10[._](?:9|1[0-4])\b|(?:iPhone )?OS (?:9|1[0-4])_/

/** Reads a user agent; the lists are in agents.data.json, and web robots at large come from `isbot`. */
export const readAgent = (agent: string): Agent => {
  const lower = agent.toLowerCase()
  const isMailProgram = MAIL_PROGRAMS.test(lower)
  return {
    ...browserOf(agent),
    isWebView: /; wv\)|QtWebEngine|Electron\/|FB_IAB|FBAN|LinkedInApp|Instagram|GSA\//.test(agent),
    os: osOf(agent),
    isAbandoned: /MSIE [1-9]\./.test(agent),
    isOldSystem: OLD_SYSTEM.test(agent),
    isMailProgram,
    imageProxy: data.imageProxies.find(({ contains }) => lower.includes(contains))?.reason ?? null,
    isGmailPrefetch: GMAIL_PREFETCH.test(lower),
    isScanner: SCANNERS.test(lower) || SCANNER_WORDS.test(lower),
    isBot: !isMailProgram && !TEXT_BROWSERS.test(lower) && isbot(agent),
  }
}
