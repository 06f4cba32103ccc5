declare module 'juice/client' {
  import juice from 'juice'
  export default juice
}

declare module 'html-to-text' {
  export const convert: (html: string, options?: Record<string, unknown>) => string
}
