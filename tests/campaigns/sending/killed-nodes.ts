import { join } from 'node:path'
import type { Sql } from '#src/db/open.ts'
import { follow, type Running } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const NODE = join(import.meta.dir, '../../support/sending-node.ts')
const START_MS = 30_000
const SILENT_MS = 10_000

/** A node of its own process that sends what the database at this address has due. */
export const startNode = async (url: string, silentMs: number): Promise<Running> => {
  const running = follow(
    Bun.spawn([process.execPath, NODE, url, String(silentMs)], {
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/tmp' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  await until('the node sends', () => running.log().includes('sending'), START_MS)
  return running
}

/** Kills a node at a random moment and starts another in its place, again and again, while a campaign is sent. Returns
 *  how many were killed: fewer when the campaign ended before. */
export const killAtRandom = async (
  url: string,
  {
    nodes,
    kills,
    everyMs,
    silentMs = SILENT_MS,
    isDone,
  }: { nodes: number; kills: number; everyMs: number; silentMs?: number; isDone: () => Promise<boolean> },
): Promise<number> => {
  const running = await Promise.all(Array.from({ length: nodes }, () => startNode(url, silentMs)))
  let killed = 0
  try {
    while (killed < kills && !(await isDone())) {
      await Bun.sleep(Math.random() * 2 * everyMs)
      const place = killed % nodes
      await running[place]!.kill()
      killed += 1
      running[place] = await startNode(url, silentMs)
    }
    await until('nothing is under way', isDone, 180_000)
  } finally {
    await Promise.all(running.map((node) => node.stop()))
  }
  return killed
}

/** What the ledger says of a campaign beside what arrived: nobody lost, nobody written to twice, and of whom nobody knows. */
export const compareWithSink = async (sql: Sql, campaignId: number, received: Map<string, number>) => {
  const rows = await sql<{ address: string; state: string }[]>`
    SELECT address, state FROM campaign_messages WHERE campaign_id = ${campaignId}`
  const inState = (state: string) => rows.filter((row) => row.state === state)
  return {
    rows: rows.length,
    sent: inState('sent').length,
    unknown: inState('unknown').length,
    /** Neither sent nor unknown. */
    other: rows.filter(({ state }) => state !== 'sent' && state !== 'unknown').length,
    /** Noted as sent, and not there. */
    lost: inState('sent').filter(({ address }) => !received.has(address)).length,
    twice: [...received.values()].filter((times) => times > 1).length,
    unknownThatArrived: inState('unknown').filter(({ address }) => received.has(address)).length,
  }
}
