import { type Budgets, budgetOf } from './budgets.ts'
import { UNLIMITED } from './bucket.ts'

/** So many requests that will draw on a budget. `cost`: units per request, default 1. */
export interface PlannedNeed {
  readonly key: string
  readonly count: number
  readonly cost?: number
}
export interface ForecastLine {
  readonly key: string
  readonly requests: number
  readonly units: number
  readonly seconds: number
  /** `50 per 60 s`; undefined where no budget is known. */
  readonly budget: string | undefined
}
export interface Forecast {
  readonly requests: number
  readonly seconds: number
  /** The budget that decides; undefined if nothing is planned. */
  readonly narrowest: ForecastLine | undefined
  /** Slowest first. */
  readonly lines: readonly ForecastLine[]
}

/**
 * How long the requests take at best, if every budget is used to the full from an untouched start and budgets do not wait for each other.
 * @param latencyMs what one request takes, for budgets bound by connections rather than by rate
 */
export function forecast(needs: readonly PlannedNeed[], budgets: Budgets, latencyMs = 300): Forecast {
  const planned = new Map<string, { requests: number; units: number }>()
  for (const { key, count, cost = 1 } of needs) {
    const so = planned.get(key) ?? { requests: 0, units: 0 }
    planned.set(key, { requests: so.requests + count, units: so.units + count * cost })
  }
  const lines = [...planned]
    .filter(([, { requests }]) => requests > 0)
    .map(([key, { requests, units }]): ForecastLine => {
      const limit = budgetOf(budgets, key)
      const rated = limit !== undefined && limit.requests < UNLIMITED
      const windows = rated ? Math.ceil(units / limit.requests) - 1 : 0
      const inFlight = Math.min(limit?.concurrency ?? 1, requests)
      const ms = Math.max(windows * (limit?.perMs ?? 0) + latencyMs, (requests * latencyMs) / inFlight)
      return {
        key,
        requests,
        units,
        seconds: Math.ceil(ms / 1000),
        budget: rated ? `${limit.requests} per ${limit.perMs / 1000} s` : undefined,
      }
    })
    .toSorted((a, b) => b.seconds - a.seconds || (a.key < b.key ? -1 : 1))
  const [narrowest] = lines
  return { requests: lines.reduce((sum, line) => sum + line.requests, 0), seconds: narrowest?.seconds ?? 0, narrowest, lines }
}

/** One sentence for people: `this run needs 9,118 requests: 44 minutes; the narrowest budget is conversations.replies (50 per 60 s)`. */
export function forecastText({ requests, seconds, narrowest }: Forecast): string {
  const count = requests.toLocaleString('en')
  if (narrowest === undefined) return 'this run needs no requests'
  const budget =
    narrowest.budget === undefined ? 'no budget is known to limit it' : `the narrowest budget is ${narrowest.key} (${narrowest.budget})`
  return `this run needs ${count} ${requests === 1 ? 'request' : 'requests'}: ${duration(seconds)}; ${budget}`
}

function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 90 ? [seconds, 'second'] : seconds < 90 * 60 ? [Math.round(seconds / 60), 'minute'] : [Math.round(seconds / 360) / 10, 'hour']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}
