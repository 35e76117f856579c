/** One request an emulator answered. Bodies are not kept: a call log is for counting and for order. */
export interface Call {
  readonly route: string
  readonly method: string
  readonly path: string
  readonly atMs: number
}

/** What was asked of an emulator, in order. `writes` is what a dry run must leave empty. */
export class CallLog {
  readonly calls: Call[] = []
  add(call: Call): void {
    this.calls.push(call)
  }
  count(route?: string): number {
    return route === undefined ? this.calls.length : this.calls.filter((call) => call.route === route).length
  }
  get byRoute(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { route } of this.calls) counts[route] = (counts[route] ?? 0) + 1
    return counts
  }
  clear(): void {
    this.calls.length = 0
  }
}
