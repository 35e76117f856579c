/** An answer `{ok: false, error, ...}`, with HTTP status 200 as Slack gives nearly all of its refusals. */
export class Refusal extends Error {
  readonly answer: Readonly<Record<string, unknown>>
  constructor(error: string, more: Readonly<Record<string, unknown>> = {}) {
    super(error)
    this.answer = { ok: false, error, ...more }
  }
}
