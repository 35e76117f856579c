/** Everything that is not a function of its arguments: network, time, log. Nothing below `cli` reaches around it. */
export interface Ports {
  /** Every byte leaves through this: limits, Retry-After, redaction, request log and fault injection live behind it. */
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly log: Log
}

/** Time as a parameter, so that a tenant with all its quotas runs in seconds under a virtual clock. Milliseconds throughout. */
export interface Clock {
  now(): Date
  /** Monotonic milliseconds; only differences mean something. */
  monotonicMs(): number
  /** @throws the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Logs are English, carry ids and counts, never texts, names of people, query values or secrets. */
export interface Log {
  debug(msg: string, fields?: object): void
  info(msg: string, fields?: object): void
  warn(msg: string, fields?: object): void
}

/** One finding of `doctor`, `verify` or `check`: what was looked at, how it stands, and what to do about it. */
export interface Check {
  readonly name: string
  readonly status: 'pass' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  readonly remedy?: string
}

/** A vendor's published budget. `source`: where it was read and when. */
export interface RateLimit {
  readonly concurrency: number
  readonly requests: number
  readonly perMs: number
  readonly source: string
}
/** What one request costs: `key` names a budget (`conversations.history`), `cost` in its units. */
export interface QuotaNeed {
  readonly key: string
  readonly cost: number
}
