import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type GuideBlock = { language: string; text: string; line: number }

/** The code blocks of deploy/GUIDE.md (or `.fr.md`), in their order. */
export const guideBlocks = (name: 'GUIDE.md' | 'GUIDE.fr.md' = 'GUIDE.md'): GuideBlock[] => {
  const text = readFileSync(join(import.meta.dir, '../../deploy', name), 'utf8')
  return [...text.matchAll(/^```(\w*)\n([^]*?)\n```$/gm)].map(
    ({ 1: language = '', 2: block = '', index }) => ({
      language,
      text: block,
      line: text.slice(0, index).split('\n').length,
    }),
  )
}

/** The one block of shell commands that has this text in it. */
export const guideCommands = (part: string): string => {
  const found = guideBlocks().filter(({ language, text }) => language === 'sh' && text.includes(part))
  if (found.length !== 1) throw new Error(`${found.length} blocks of the guide have "${part}" in them`)
  return found[0]!.text
}
