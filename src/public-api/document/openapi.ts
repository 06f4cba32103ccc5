import { z } from 'zod'
import { PERMISSIONS } from '../answers/failures.ts'
import { documentedAnswers } from './documented-answers.ts'
import { SCOPES, type Endpoint } from '../endpoint.ts'
import { ENDPOINTS } from '../endpoints/all.ts'
import texts from './openapi.data.json'

type Json = Record<string, unknown>

const STATUS_TEXTS: Record<string, string> = texts.statuses
const HEADERS_OF: Record<number, string[]> = {
  429: ['Retry-After'],
  503: ['Retry-After'],
  401: ['WWW-Authenticate'],
}

/** The OpenAPI 3.1 document, made from the endpoints themselves. Its paths are below /api/public of any server that has
 *  it, so that it names no server. */
export const openapiDocument = (endpoints: readonly Endpoint[] = ENDPOINTS): Json => {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:([^/]+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint) }
  }
  const tags = [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name }))
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: { title: texts.title, version: texts.version, description: texts.description },
    servers: [{ url: '/api/public' }],
    security: [{ bearer: [] }, { query: [] }],
    tags,
    paths,
    components: { securitySchemes: securitySchemes(), headers: texts.headers },
  }
}

const securitySchemes = (): Json => {
  const scopes = SCOPES.map((scope) => `\`${scope}\` (\`${PERMISSIONS[scope]}\`)`).join(', ')
  return {
    bearer: { type: 'http', scheme: 'bearer', description: `${texts.bearer} Scopes: ${scopes}.` },
    query: { type: 'apiKey', in: 'query', name: 'api_token', description: texts.query },
  }
}

const operation = (endpoint: Endpoint): Json => {
  const { scopes } = endpoint
  const needed = scopes.length === 0 ? texts.anyToken : `${texts.needs} ${scopes.join(', ')}.`
  const kept = endpoint.cacheSeconds > 0 ? ` ${texts.kept.replace('{n}', String(endpoint.cacheSeconds))}` : ''
  return {
    operationId: operationId(endpoint),
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: `${needed}${kept}`,
    security: [{ bearer: scopes }, { query: scopes }],
    parameters: [
      ...parameters('path', endpoint.params),
      ...parameters('query', endpoint.query),
      ...(endpoint.method === 'get' ? [IF_NONE_MATCH] : []),
    ],
    ...(endpoint.body ? { requestBody: requestBody(endpoint.body, endpoint.jsonOnly) } : {}),
    responses: responses(endpoint),
  }
}

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: texts.ifNoneMatch,
}

const operationId = ({ method, path }: Endpoint): string =>
  [method, ...path.split('/').filter(Boolean)]
    .map((part) => part.replace(/^:/, 'by-'))
    .join('-')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json
  return rest
}

const parameters = (where: 'path' | 'query', schema: z.ZodType | undefined): Json[] => {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, required: isNeeded, ...given }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name) || isNeeded === true,
    ...(description ? { description } : {}),
    schema: given,
  }))
}

const requestBody = (schema: z.ZodType, jsonOnly = false): Json => {
  const given = schemaOf(schema, 'input')
  const required = ((given['required'] as string[] | undefined) ?? []).length > 0
  return {
    required,
    content: {
      'application/json': { schema: given },
      ...(jsonOnly ? {} : { 'application/x-www-form-urlencoded': { schema: given } }),
    },
  }
}

const responses = (endpoint: Endpoint): Json => {
  const given: Json = {}
  for (const [status, schema] of documentedAnswers(endpoint)) {
    const names = ['RateLimit', 'RateLimit-Policy', ...(HEADERS_OF[status] ?? [])]
    if (status === 200 && endpoint.method === 'get') names.push('ETag')
    given[status] = {
      description: STATUS_TEXTS[status] ?? String(status),
      headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
      content: { 'application/json': { schema: schemaOf(schema, 'output') } },
    }
  }
  if (endpoint.method === 'get') given[304] = { description: STATUS_TEXTS[304] }
  return given
}
