type Schema = {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}

const MAX_DEPTH = 8

/** A JSON schema as people read it: `{ id: integer, name: string | null, tags?: string[] }`, one key a line. */
export const shapeText = (schema: unknown, indent = ''): string => {
  const {
    type,
    const: only,
    enum: choices,
    anyOf,
    allOf,
    items,
    properties,
    required,
    additionalProperties,
  } = (schema ?? {}) as Schema
  if (indent.length > 2 * MAX_DEPTH) return '…'
  if (only !== undefined) return JSON.stringify(only)
  if (choices) return choices.map((each) => JSON.stringify(each)).join(' | ')
  if (anyOf) return [...new Set(anyOf.map((each) => shapeText(each, indent)))].join(' | ')
  if (allOf) return allOf.map((each) => shapeText(each, indent)).join(' & ')
  if (type === 'array') {
    const inner = shapeText(items, indent)
    return inner.includes(' | ') && !inner.startsWith('{') ? `(${inner})[]` : `${inner}[]`
  }
  if (properties && Object.keys(properties).length > 0) {
    const lines = Object.entries(properties).map(
      ([name, each]) =>
        `${indent}  ${name}${required?.includes(name) ? '' : '?'}: ${shapeText(each, `${indent}  `)}`,
    )
    return `{\n${lines.join('\n')}\n${indent}}`
  }
  if (type === 'object') {
    const isMap = typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
    return isMap ? `{ [name]: ${shapeText(additionalProperties, indent)} }` : 'object'
  }
  return Array.isArray(type) ? type.join(' | ') : (type ?? 'any')
}
