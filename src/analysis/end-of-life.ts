import data from './end-of-life.data.json'

/** Whether a version is still maintained. `since` is the ISO day its support ended, null when the source gives
 *  none; `atLatest` says that the version is not listed and the next one listed ended that day. */
export type Support =
  | { state: 'ended'; title: string; since: string | null; atLatest: boolean }
  | { state: 'supported' }
  | { state: 'unknown' }

type Product = { title: string; cycles: Record<string, string> }

/** Source named in evidence and texts. */
export const END_OF_LIFE_SOURCE = 'endoflife.date'

const products = data.products as Record<string, Product>

/** Looks a version up in endoflife.date. A version given only in part ("8") counts as ended when every release
 *  it may be has ended; one newer than the data is unknown. */
export const supportOf = (productKey: string, version: string, now: Date): Support => {
  const product = Object.hasOwn(products, productKey) ? products[productKey] : undefined
  if (!product) return { state: 'unknown' }
  const today = now.toISOString().slice(0, 10)
  const judge = (cycles: string[], atLatest: boolean): Support => {
    const dates = cycles.map((cycle) => product.cycles[cycle] ?? 'false')
    if (!dates.every((date) => date === 'true' || (date !== 'false' && date <= today)))
      return { state: 'supported' }
    const since =
      dates
        .filter((date) => date !== 'true')
        .sort()
        .at(-1) ?? null
    return { state: 'ended', title: product.title, since, atLatest }
  }
  const all = Object.keys(product.cycles)
  const exact = all
    .filter((cycle) => version === cycle || version.startsWith(`${cycle}.`))
    .sort((a, b) => b.length - a.length)[0]
  if (exact) return judge([exact], false)
  const within = all.filter((cycle) => cycle.startsWith(`${version}.`))
  if (within.length > 0) {
    const support = judge(within, false)
    return support.state === 'supported' ? { state: 'unknown' } : support
  }
  const numeric = all.filter((cycle) => /^\d+(\.\d+)*$/.test(cycle)).sort(compareVersions)
  if (!/^\d+(\.\d+)*$/.test(version)) return { state: 'unknown' }
  const next = numeric.find((cycle) => compareVersions(cycle, version) > 0)
  const lowest = numeric[0]
  const related = next !== undefined && (next === lowest || next.split('.')[0] === version.split('.')[0])
  const support: Support = related ? judge([next], true) : { state: 'unknown' }
  return support.state === 'supported' ? { state: 'unknown' } : support
}

const compareVersions = (a: string, b: string): number => {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
