import { z } from 'zod'
import { failure } from '#src/public-api/answers/failures.ts'
import { endpoint, type Endpoint } from '#src/public-api/endpoint.ts'
import { flagParam, pathId, textParam, wholeParam } from '#src/public-api/input/params.ts'

/** Endpoints that tell what reached them, to try the rules that hold for all. */
export const probe = () => {
  const seen = { reads: 0, writes: 0, held: null as Promise<unknown> | null, fail: null as unknown }
  const any = z.looseObject({})
  const read = endpoint({
    method: 'get',
    path: '/things',
    scopes: ['companies:read'],
    cacheSeconds: 20,
    tag: 'probe',
    summary: 'Counts how often it was asked.',
    query: z.object({ limit: wholeParam(100, { min: 1, max: 1000 }), q: textParam(), all: flagParam() }),
    answers: { 200: any },
    handle: async ({ query, token }) => {
      seen.reads += 1
      await seen.held
      if (seen.fail !== null) throw seen.fail
      return { status: 200, body: { success: true, reads: seen.reads, query, token: token.id } }
    },
  })
  const one = endpoint({
    method: 'get',
    path: '/things/:id',
    scopes: [],
    cacheSeconds: 0,
    tag: 'probe',
    summary: 'One thing.',
    params: z.object({ id: pathId }),
    answers: { 200: any, 404: any },
    handle: async ({ params: { id } }) =>
      id === 7 ? { status: 200, body: { success: true, id } } : failure(404, 'Introuvable'),
  })
  const fixed = endpoint({
    method: 'get',
    path: '/things/latest',
    scopes: [],
    cacheSeconds: 0,
    tag: 'probe',
    summary: 'A path that looks like one of the others.',
    answers: { 200: any },
    handle: async () => ({ status: 200, body: { success: true, latest: true } }),
  })
  const change = endpoint({
    method: 'post',
    path: '/things/:id',
    scopes: ['companies:write'],
    cacheSeconds: 0,
    tag: 'probe',
    summary: 'Changes a thing.',
    params: z.object({ id: pathId }),
    body: z.object({ name: z.string().max(20), nested: z.unknown().optional() }),
    answers: { 200: any },
    handle: async ({ body, params }) => {
      seen.writes += 1
      if (seen.fail !== null) throw seen.fail
      return { status: 200, body: { success: true, ...params, ...body } }
    },
  })
  const plain = endpoint({
    method: 'post',
    path: '/plain',
    scopes: [],
    cacheSeconds: 0,
    tag: 'probe',
    summary: 'Fails plainly.',
    plainErrors: true,
    body: z.object({ website: z.string() }),
    answers: { 200: any },
    handle: async () => ({ status: 200, body: {} }),
  })
  // Those with parameters first: the router must not take them for it.
  const endpoints: Endpoint[] = [one, change, read, fixed, plain]
  return { endpoints, seen }
}
