// Chromium's own traffic, guesses and services; each would go past the page's own requests.
const FEATURES_OFF = [
  'AsyncDns',
  'AutofillServerCommunication',
  'BackForwardCache',
  'CertificateTransparencyComponentUpdater',
  'DialMediaRouteProvider',
  'DnsOverHttps',
  'HttpsUpgrades',
  'InterestFeedContentSuggestions',
  'IsolateOrigins',
  'MediaRouter',
  'NetworkPrediction',
  'OptimizationHints',
  'PaintHolding',
  'Prerender2',
  'SpeculationRulesPrefetchProxy',
  'Translate',
  'WebRtcHideLocalIpsWithMdns',
  'site-per-process',
]

/** The command line of a browser that renders strangers' pages: no window, no way out but the guarding proxy, no name
 *  resolved by itself, nothing kept. `sandboxed`: false only where Chromium has to run as root, which it refuses
 *  to do with its sandbox. One process for a page and its frames, whatever their sites:
 *  there is nothing in a context for them to steal from one another. */
export const chromiumFlags = (parts: {
  profile: string
  proxyPort: number
  userAgent: string
  sandboxed: boolean
}): string[] => [
  '--headless=new',
  '--remote-debugging-pipe',
  `--user-data-dir=${parts.profile}`,
  `--user-agent=${parts.userAgent}`,
  ...(parts.sandboxed ? [] : ['--no-sandbox']),
  `--proxy-server=http://127.0.0.1:${parts.proxyPort}`,
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--dns-prefetch-disable',
  '--no-pings',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-sync',
  '--disable-client-side-phishing-detection',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--metrics-recording-only',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--deny-permission-prompts',
  '--disable-notifications',
  '--disable-gpu',
  '--disable-software-rasterizer',
  '--disable-dev-shm-usage',
  '--disable-file-system',
  '--disable-print-preview',
  '--disable-site-isolation-trials',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-hang-monitor',
  '--password-store=basic',
  '--use-mock-keychain',
  '--mute-audio',
  '--disk-cache-size=1',
  '--media-cache-size=1',
  '--js-flags=--max-old-space-size=384',
  `--disable-features=${FEATURES_OFF.join(',')}`,
  '--no-startup-window',
]
