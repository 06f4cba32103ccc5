import type { Deps } from '#src/deps.ts'
import { startTakingRequests } from './analyses/take-requests.ts'
import { startSendingPushes } from './push/send-pushes.ts'
import { startSendingDeliveries } from './webhooks/send-deliveries.ts'

/** What every node that works does for other programs. Returns what ends it. */
export const startIntegrations = (deps: Deps): (() => Promise<void>) => {
  const stops = [startTakingRequests(deps), startSendingDeliveries(deps), startSendingPushes(deps)]
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}
