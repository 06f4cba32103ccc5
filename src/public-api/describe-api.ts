import type { DescribedOperation } from '#templates/public-api/docs.tsx'
import { openapiDocument } from './openapi.ts'
import { shapeText } from './shape-text.ts'

type Content = { content?: Record<string, { schema?: unknown }> }
type Operation = {
  tags: string[]
  summary: string
  description: string
  parameters: { name: string; in: string; required: boolean; description?: string; schema: unknown }[]
  requestBody?: Content
  responses: Record<string, Content & { description: string }>
}

/** The OpenAPI document as the readable page shows it: by tag, in the order of the endpoints. */
export const describeApi = (): { tag: string; operations: DescribedOperation[] }[] => {
  const { paths } = openapiDocument() as { paths: Record<string, Record<string, Operation>> }
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      tag: operation.tags[0] ?? '',
      path,
      method,
      operation,
    })),
  )
  return [...Map.groupBy(operations, ({ tag }) => tag)].map(([tag, group]) => ({
    tag,
    operations: group.map(({ path, method, operation }) => describe(path, method, operation)),
  }))
}

const describe = (path: string, method: string, operation: Operation): DescribedOperation => ({
  method: method.toUpperCase(),
  path,
  summary: operation.summary,
  description: operation.description,
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
