import { test } from 'bun:test'

/** `test`, or where the system's tool is missing a skipped one that names it. With CI=1 it runs, and fails. */
export const testWith = (tool: string) => {
  const path = Bun.which(tool, { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` })
  if (path !== null) return test
  if (process.env.CI)
    return (name: string, _run: unknown, _timeout?: number) =>
      test(name, () => {
        throw new Error(`${tool} is not installed`)
      })
  return (name: string, _run: unknown, _timeout?: number) =>
    test.skip(`${name} (${tool} is not installed)`, () => {})
}
