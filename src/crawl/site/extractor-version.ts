import { hashExtractor } from './hash-extractor.ts' with { type: 'macro' }

/** Names what parsed a page: another extractor may find more in the same bytes. */
export const EXTRACTOR_VERSION: string = hashExtractor()
