import type { signInOverHttp } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

type Person = Awaited<ReturnType<typeof signInOverHttp>>

const ARRIVED_MS = 20_000

/** A receiver that takes what it is sent at /good and refuses it at /bad. */
export const startReceiver = () => {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) =>
      new URL(url).pathname === '/good'
        ? new Response('{"received": true}')
        : new Response('<h1>Service Unavailable</h1> '.repeat(10), { status: 503 }),
  })
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

/** Webhooks as they look after some use: one that works, one whose receiver refuses everything. Returns the latter. */
export const useWebhooks = async (person: Person, receiver: string, companyId: number): Promise<number> => {
  const events = 'company.status_changed'
  const good = { name: 'Automatisation du bureau', url: `${receiver}/good`, events }
  const bad = {
    name: 'CRM-de-la-vallée-de-la-Moselle-et-du-Madon-avec-un-nom-très-long',
    url: `${receiver}/bad/${'chemin-sans-fin-'.repeat(8)}`,
    events,
  }
  // A form's token is that of a page read before.
  await person.get('/settings/webhooks')
  await person.post('/settings/webhooks', good)
  await person.post('/settings/webhooks', bad)
  const { text } = await person.get('/settings/webhooks')
  const ids = [...text.matchAll(/href="\/settings\/webhooks\/(\d+)"/g)].map(([, id]) => Number(id))
  const failing = Math.max(...ids)
  await person.post(`/settings/webhooks/${failing}/test`)
  await person.post(`/companies/${companyId}/follow-up`, { status: 'À rappeler', stage: 'RDV' })
  const isTried = async () =>
    /503/.test((await person.get(`/settings/webhooks/${failing}?state=waiting`)).text)
  await until('the refused delivery is in the log', isTried, ARRIVED_MS)
  return failing
}
