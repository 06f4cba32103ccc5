import { isInNetworks, parseNetworks } from '#src/lib/networks.ts'
import platforms from './shared-platforms.data.json'

const parsed = parseNetworks(platforms.networks.flatMap((platform) => platform.networks))
const networks = parsed.ok ? parsed.value : []
const suffixes = platforms.hostSuffixes

/** True for a site served by a CDN or site builder whose one address stands for thousands of sites and for
 *  machines made to carry them. */
export const isSharedPlatform = (host: string, address: string): boolean =>
  suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`)) || isInNetworks(address, networks)
