import type { Config } from '#src/config.ts'
import { userAgent } from '../crawl-tools.ts'
import { findChromium } from './find-chromium.ts'
import { createRenderer, type Renderer } from './renderer.ts'

type Settings = Parameters<typeof userAgent>[0] & Pick<Config, 'CHROME_PATH'>

/** The renderer of this node by its settings; null when no browser is installed. Starts nothing yet.
 *  @param environment what the browser may see of ours (config.ts `plainEnvironment`) */
export const openRenderer = (settings: Settings, environment: Record<string, string>): Renderer | null => {
  const chromePath = findChromium(settings.CHROME_PATH)
  return chromePath === null
    ? null
    : createRenderer({ chromePath, environment, userAgent: userAgent(settings) })
}
