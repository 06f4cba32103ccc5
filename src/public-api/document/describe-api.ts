import type { DescribedOperation } from '#templates/public-api/docs.tsx'
import { ENDPOINTS } from '../endpoints/all.ts'
import type { Endpoint } from '../endpoint.ts'
import { openapiDocument } from './openapi.ts'
import { shapeText } from './shape-text.ts'

type Content = { content?: Record<string, { schema?: unknown }> }
type Operation = {
  parameters: { name: string; in: string; required: boolean; description?: string; schema: unknown }[]
  requestBody?: Content
  responses: Record<string, Content & { description: string }>
}

/** The endpoints as the readable page shows them: by tag, in their order. */
export const describeApi = (): { tag: string; operations: DescribedOperation[] }[] => {
  const { paths } = openapiDocument() as { paths: Record<string, Record<string, Operation>> }
  return [...Map.groupBy(ENDPOINTS, ({ tag }) => tag)].map(([tag, endpoints]) => ({
    tag,
    operations: endpoints.flatMap((endpoint) => {
      const path = endpoint.path.replace(/:([^/]+)/g, '{$1}')
      const operation = paths[path]?.[endpoint.method]
      return operation ? [describe(endpoint, path, operation)] : []
    }),
  }))
}

const describe = (endpoint: Endpoint, path: string, operation: Operation): DescribedOperation => ({
  key: `${endpoint.method} ${endpoint.path}`,
  method: endpoint.method.toUpperCase(),
  path,
  summary: endpoint.summary,
  scopes: [...endpoint.scopes],
  cacheSeconds: endpoint.cacheSeconds,
  parameters: operation.parameters.map(({ name, in: where, required, description = '', schema }) => ({
    name,
    where,
    required,
    shape: shapeText(schema),
    description,
  })),
  body: shapeOf(operation.requestBody),
  answers: Object.entries(operation.responses).map(([status, answer]) => ({
    status,
    text: answer.description,
    shape: shapeOf(answer),
  })),
})

const shapeOf = (content: Content | undefined): string | null => {
  const schema = content?.content?.['application/json']?.schema
  return schema === undefined ? null : shapeText(schema)
}
