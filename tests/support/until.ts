/** Waits for a condition by asking again and again; fails with its name after the deadline. */
export const until = async (what: string, condition: () => unknown, deadlineMs = 15_000): Promise<void> => {
  const deadline = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await Bun.sleep(10)
  }
}
