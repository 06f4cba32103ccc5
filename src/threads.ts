import type { AnalyseInput, AnalyseResult } from './analysis/worker.ts'
import type { ReadTableChunk, ReadTableInput, ReadTableResult } from './companies/worker.ts'
import type { AdminRule } from './crawl/extract/admin-rules.ts'
import type { ParsedPage, ParseInput } from './crawl/extract/parsed-page.ts'

const PARSE_TIMEOUT_MS = 15_000
const ANALYSE_TIMEOUT_MS = 30_000
const READ_TABLE_TIMEOUT_MS = 10 * 60_000
const IDLE_BEFORE_STOP_MS = 60_000

/** Why a thread gave no answer: what it was given is at fault, nothing else is affected. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError'
  readonly code: 'timeout' | 'crashed' | 'failed'

  constructor(code: ThreadError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** CPU work in Bun worker threads; the network and the database stay on the main thread. */
export type Threads = {
  /** Takes `body` over: it is empty for the caller afterwards. */
  parsePage: (input: ParseInput) => Promise<ParsedPage>
  analyseSite: (input: AnalyseInput) => Promise<AnalyseResult>
  /** Reads an uploaded table; `onChunk` gets the rows in order and is awaited before more are read. */
  readTable: (
    input: ReadTableInput,
    onChunk: (chunk: ReadTableChunk) => Promise<void>,
  ) => Promise<ReadTableResult>
  close: () => void
}

/** `technologyRules`: the admin's own, given to each thread once. The rest is what a test may set: how long a page may
 *  take, and who parses it. */
type PagePool = { technologyRules?: AdminRule[]; timeoutMs?: number; spawn?: () => Worker }

/** `size` threads parse pages; one more each is started on demand for analysis and for tables.
 *  A thread that stalls or dies costs the one call it was working on and is replaced. */
export const startThreads = (size: number, pages: PagePool = {}): Threads => {
  const { timeoutMs = PARSE_TIMEOUT_MS } = pages
  const spawn = pages.spawn ?? (() => startParser(pages.technologyRules))
  const crawl = createPool(spawn, size)
  const analysis = createPool(
    () => new Worker(new URL('./analysis/worker.ts', import.meta.url), { smol: true }),
    1,
  )
  const companies = createPool(
    () => new Worker(new URL('./companies/worker.ts', import.meta.url), { smol: true }),
    1,
  )
  return {
    parsePage: (input) =>
      crawl.call(input, {
        timeoutMs,
        transfer: ownBuffer(input.body),
        copy: () => {
          // Not `slice`: of a Buffer, as unpacked bodies are, that would be no copy.
          const body = new Uint8Array(input.body)
          return { input: { ...input, body }, transfer: [body.buffer] }
        },
      }) as Promise<ParsedPage>,
    analyseSite: (input) => analysis.call(input, { timeoutMs: ANALYSE_TIMEOUT_MS }) as Promise<AnalyseResult>,
    readTable: (input, onChunk) =>
      companies.call(input, {
        timeoutMs: READ_TABLE_TIMEOUT_MS,
        onChunk: (chunk) => onChunk(chunk as ReadTableChunk),
      }) as Promise<ReadTableResult>,
    close: () => [crawl, analysis, companies].forEach((pool) => pool.close()),
  }
}

const startParser = (technologyRules: AdminRule[] = []): Worker => {
  const worker = new Worker(new URL('./crawl/worker.ts', import.meta.url), { smol: true })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  if (technologyRules.length > 0) worker.postMessage({ technologyRules })
  return worker
}

// A view of part of a buffer would take the rest away with it.
const ownBuffer = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []

type CallOptions = {
  timeoutMs: number
  transfer?: ArrayBuffer[]
  /** What to give a thread that is still busy, so that it goes on without waiting for us: a copy, because the thread
   *  may die of the call before. */
  copy?: () => { input: unknown; transfer: ArrayBuffer[] }
  onChunk?: (chunk: unknown) => Promise<void>
}

type Call = CallOptions & {
  id: number
  input: unknown
  resolve: (value: unknown) => void
  reject: (reason: Error) => void
}

/** What a worker says: one answer per call, before it any number of chunks, each acknowledged by `next`. */
type Answer =
  | { id: number; ok: true; result: unknown }
  | { id: number; ok: false; message: string }
  | { id: number; chunk: unknown }

/** `next`: the call that the thread has been given already, for when it is through with `call`. */
type Slot = { worker: Worker | null; call: Call | null; next: Call | null; timer?: Timer; idle?: Timer }

const createPool = (spawn: () => Worker, size: number) => {
  const slots: Slot[] = Array.from({ length: size }, () => ({ worker: null, call: null, next: null }))
  const waiting: Call[] = []
  let nextId = 1

  const call = (input: unknown, options: CallOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.push({ ...options, id: nextId++, input, resolve, reject })
      assign()
    })

  const assign = () => {
    while (waiting.length > 0) {
      // A warm thread first, so that a quiet server keeps few of them.
      const slot = slots.find((one) => !one.call && one.worker) ?? slots.find((one) => !one.call)
      if (slot) {
        const first = waiting.shift()!
        begin(slot, first)
        send(slot, first.id, first.input, first.transfer)
        continue
      }
      const busy = waiting[0]!.copy && slots.find((one) => !one.next)
      if (!busy) return
      const next = (busy.next = waiting.shift()!)
      const { input, transfer } = next.copy!()
      send(busy, next.id, input, transfer)
    }
  }

  const begin = (slot: Slot, call: Call) => {
    clearTimeout(slot.idle)
    slot.call = call
    slot.worker ??= start(slot)
    slot.timer = setTimeout(
      () => abandon(slot, new ThreadError('timeout', `gave no answer within ${call.timeoutMs / 1000} s`)),
      call.timeoutMs,
    )
  }

  const send = (slot: Slot, id: number, input: unknown, transfer: ArrayBuffer[] = []) =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    slot.worker?.postMessage({ id, input }, transfer)

  const start = (slot: Slot): Worker => {
    const worker = spawn()
    worker.addEventListener('message', (event: MessageEvent<Answer>) => answer(slot, event.data))
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      if (slot.worker === worker)
        abandon(slot, new ThreadError('crashed', event.message || 'the thread died'))
    })
    worker.addEventListener('close', () => {
      if (slot.worker === worker) abandon(slot, new ThreadError('crashed', 'the thread died'))
    })
    return worker
  }

  const answer = (slot: Slot, message: Answer) => {
    const current = slot.call
    if (!current || message.id !== current.id) return
    if ('chunk' in message) {
      const next = () => slot.worker?.postMessage({ id: current.id, next: true })
      const stop = (error: Error) => slot.call === current && abandon(slot, error)
      void (current.onChunk?.(message.chunk) ?? Promise.resolve()).then(next, stop)
      return
    }
    finish(slot)
    if (message.ok) current.resolve(message.result)
    else current.reject(new ThreadError('failed', message.message))
    assign()
  }

  const finish = (slot: Slot) => {
    const { next } = slot
    clearTimeout(slot.timer)
    slot.call = slot.next = null
    if (next) {
      begin(slot, next)
      // The thread works on its copy.
      for (const buffer of next.transfer ?? []) buffer.transfer(0)
      return
    }
    slot.idle = setTimeout(() => stop(slot), IDLE_BEFORE_STOP_MS)
    slot.idle.unref()
  }

  const abandon = (slot: Slot, error: Error) => {
    const { call: lost, next } = slot
    clearTimeout(slot.timer)
    stop(slot)
    slot.call = slot.next = null
    if (next) waiting.unshift(next)
    lost?.reject(error)
    assign()
  }

  const stop = (slot: Slot) => {
    const { worker } = slot
    slot.worker = null
    clearTimeout(slot.idle)
    worker?.terminate()
  }

  const close = () => {
    const stopping = () => new ThreadError('crashed', 'the program is stopping')
    for (const lost of [...slots.flatMap(({ next }) => next ?? []), ...waiting.splice(0)])
      lost.reject(stopping())
    for (const slot of slots) {
      slot.next = null
      abandon(slot, stopping())
    }
  }

  return { call, close }
}
