// `bun run proof [FILE…]`: the slow and the privileged proofs in tests/proof, one process per file.
import { dirname } from 'node:path'

const ROOT = dirname(import.meta.dir)

const wanted = process.argv.slice(2)
const files = [...new Bun.Glob('tests/proof/*.proof.ts').scanSync(ROOT)]
  .toSorted()
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))

const failed: string[] = []
for (const file of files) {
  const began = performance.now()
  const run = Bun.spawn([process.execPath, 'test', `./${file}`], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if ((await run.exited) !== 0) failed.push(file)
  console.log(`proof: ${file} took ${Math.round((performance.now() - began) / 1000)} s`)
}
console.log(`proof: ${files.length - failed.length} of ${files.length} files passed`)
for (const file of failed) console.log(`FAILED ${file}`)
process.exit(failed.length > 0 || files.length === 0 ? 1 : 0)
