import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import { faultOfRefusal } from './graph-fault.ts'
import { ErrorWire, type Wire } from './wire.ts'

/** Read 2026-11-25: https://learn.microsoft.com/graph/json-batching */
const most = 20

/** Asking again changes nothing. */
const forGood = new Set([400, 403, 404, 410])

const Batch = z.object({
  responses: z.array(z.object({ id: z.string(), status: z.number(), body: z.record(z.string(), z.unknown()).optional() })),
})

/**
 * Asks many small questions in few requests. A batch that succeeds says nothing of its parts: each has a status of its own, comes in any
 * order, and may be missing. Whatever was throttled, failed or is missing is asked again by itself, where the one fetch waits and retries.
 */
export async function askInBatches(
  paths: readonly string[],
  batch: (requests: readonly object[]) => Promise<unknown>,
  single: (path: string) => Promise<unknown>,
  prefer: string,
): Promise<readonly (Wire | Error)[]> {
  const answers: (Wire | Error)[] = []
  for (let from = 0; from < paths.length; from += most) {
    const part = paths.slice(from, from + most)
    const requests = part.map((url, at) => ({ id: String(at), method: 'GET', url, headers: { Prefer: prefer } }))
    const parsed = Batch.safeParse(await batch(requests))
    const byId = new Map(parsed.data?.responses.map((response) => [response.id, response]))
    for (const [at, path] of part.entries()) {
      const given = byId.get(String(at))
      if (given !== undefined && given.status >= 200 && given.status < 300) answers.push(given.body ?? {})
      else if (given !== undefined && forGood.has(given.status)) answers.push(refused(given.status, given.body))
      else answers.push(await alone(single, path))
    }
  }
  return answers
}

async function alone(single: (path: string) => Promise<unknown>, path: string): Promise<Wire | Error> {
  try {
    return (await single(path)) as Wire
  } catch (error) {
    if (error instanceof Fault && (error.code === 'gone' || error.code === 'permission' || error.code === 'rejected')) return error
    throw error
  }
}

const refused = (status: number, body: unknown): Fault => {
  const parsed = ErrorWire.safeParse(body)
  return faultOfRefusal({
    what: 'a part of a batch',
    status,
    error: parsed.success ? parsed.data.error.code : '',
    retryAfterMs: undefined,
  })
}
