const LOOK_EVERY_MS = 250
/** Resident: left to itself a flood takes a quarter more. A collection stops everything for some milliseconds. */
const MUCH_BYTES = 100e6
/** Of one processor; below it hardly any garbage is made. */
const BUSY_SHARE = 0.1

type Options = { lookEveryMs?: number; muchBytes?: number; collect?: () => unknown }

/** Collects garbage when this process is busy and has become large, until the timer is cleared. */
export const collectGarbage = ({
  lookEveryMs = LOOK_EVERY_MS,
  muchBytes = MUCH_BYTES,
  collect = () => Bun.gc(true),
}: Options = {}): Timer => {
  let used = process.cpuUsage()
  return setInterval(() => {
    const { user, system } = process.cpuUsage(used)
    const isBusy = (user + system) / 1000 > lookEveryMs * BUSY_SHARE
    if (isBusy && process.memoryUsage.rss() > muchBytes) collect()
    used = process.cpuUsage()
  }, lookEveryMs)
}
