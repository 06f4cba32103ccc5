// How Bun's import attributes look to the compiler.
declare module '*.css' {
  const path: string
  export default path
}
declare module '*.svg' {
  const text: string
  export default text
}
declare module '*.min.js' {
  const path: string
  export default path
}
declare module '*.client.js' {
  const path: string
  export default path
}
