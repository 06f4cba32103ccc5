import { expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { classifyHits } from '#src/tracking/classify-hits.ts'
import { readTraffic, type Traffic } from '#src/tracking/traffic-document.ts'

type Truth = 'human' | 'machine'
type Scenario = { traffic: Traffic; truth: Truth[]; name: string }

const scenariosOf = (folder: string): Scenario[] => {
  const path = join(import.meta.dir, 'traffic', folder)
  return readdirSync(path)
    .toSorted()
    .flatMap((file) => readFileSync(join(path, file), 'utf8').trim().split('\n'))
    .map((line) => {
      const document = JSON.parse(line) as { truth: Truth[]; scenario: string }
      const read = readTraffic(document)
      if (!read.ok) throw new Error(`${document.scenario}: ${read.problem.message}`)
      return { traffic: read.value, truth: document.truth, name: document.scenario }
    })
}

const figuresOf = (scenarios: Scenario[]) => {
  const totals = { human: { hits: 0, excluded: 0 }, machine: { hits: 0, excluded: 0 } }
  for (const { traffic, truth } of scenarios)
    classifyHits(traffic).forEach(({ verdict }, index) => {
      const total = totals[truth[index] ?? 'human']
      total.hits++
      if (verdict === 'machine') total.excluded++
    })
  return {
    humansExcluded: totals.human.excluded / totals.human.hits,
    machinesExcluded: totals.machine.excluded / totals.machine.hits,
    hits: totals.human.hits + totals.machine.hits,
  }
}

const open = scenariosOf('open')

test('of the open traffic, at least 97 % of machines’ hits are excluded and at most 1 % of people’s', () => {
  const figures = figuresOf(open)
  expect(figures.hits).toBeGreaterThan(800)
  expect(figures.machinesExcluded).toBeGreaterThanOrEqual(0.97)
  expect(figures.humansExcluded).toBeLessThanOrEqual(0.01)
})

test.if(process.env['TRAFFIC_HELD'] === '1')('the traffic kept aside is judged as well', () => {
  const figures = figuresOf(scenariosOf('held'))
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.machinesExcluded).toBeGreaterThanOrEqual(0.97)
  expect(figures.humansExcluded).toBeLessThanOrEqual(0.01)
})

test('what happens later than ten seconds after a hit never changes its verdict', () => {
  for (const { traffic, name } of open) {
    const whole = classifyHits(traffic)
    for (const { index, at } of traffic.hits) {
      const hits = traffic.hits.filter((other) => other.at <= at + 10_000)
      expect([name, index, classifyHits({ ...traffic, hits })[index]]).toEqual([name, index, whole[index]])
    }
  }
})

test('the order in which hits are given does not matter', () => {
  for (const { traffic, name } of open) {
    const hits = [...traffic.hits].toSorted((a, b) => b.index - a.index).toSorted((a, b) => a.at - b.at)
    const verdicts = classifyHits({ ...traffic, hits }).map(({ verdict }) => verdict)
    expect([name, verdicts]).toEqual([name, classifyHits(traffic).map(({ verdict }) => verdict)])
  }
})
