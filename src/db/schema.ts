// Every table of the product, for drizzle-kit and for tests; domains import their own schema instead.
export * from '#src/auth/schema.ts'
export * from '#src/companies/schema.ts'
export * from '#src/crawl/schema.ts'
export * from '#src/crawl/politeness/schema-leases.ts'
export * from '#src/analysis/schema.ts'
export * from '#src/scoring/schema.ts'
export * from '#src/queue/schema.ts'
export * from '#src/operations/schema.ts'
