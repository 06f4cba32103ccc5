type Filter = { name: string; raw: boolean; args: unknown[]; render: (value: unknown) => unknown }

// Rendering is synchronous: one at a time notes here.
let noted: Set<string> | null = null

/** Lets an output tell when it comes out empty. */
export const watchOutput = (value: { filters: unknown[] }, path: string): void => {
  const watcher: Filter = {
    name: 'watch',
    raw: false,
    args: [],
    // oxlint-disable-next-line require-yield -- LiquidJS runs filters as generators
    *render(given: unknown) {
      noteEmpty(given, path)
      return given
    },
  }
  // The last filter writes the value.
  value.filters.splice(-1, 0, watcher)
}

/** Notes a value that came out empty. */
export const noteEmpty = (value: unknown, path: string): void => {
  if (noted && isEmpty(value)) noted.add(path)
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

/** A mail holds itself back, and says why. */
export const noteHold = (reason: string): void => void noted?.add(reason)

/** What `render` gives, and which outputs were empty meanwhile. */
export const noteMissing = <T>(render: () => T): { value: T; missing: string[] } => {
  const names = new Set<string>()
  noted = names
  try {
    return { value: render(), missing: [...names] }
  } finally {
    noted = null
  }
}
