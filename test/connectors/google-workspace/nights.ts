import type { Service } from '../../../connectors/google-workspace/config.ts'
import { googleTestbed, type GoogleTestbed, type GoogleTestbedOptions } from '../../testbed/google/testbed.ts'
import { Held, open, quickPorts, run } from './world.ts'

/** One service of Ada's before a testbed, read again and again as every night does. Time stands where `ahead` puts it. */
export class Nights {
  readonly #service: Service
  readonly #clock: { ahead: number }
  readonly bed: GoogleTestbed
  readonly held = new Held()
  constructor(service: Service, bed: GoogleTestbed, clock: { ahead: number }) {
    this.#service = service
    this.bed = bed
    this.#clock = clock
  }
  get collection(): string {
    return `${this.#service}/${this.bed.company.user('ada').id}`
  }
  pass(days: number): void {
    this.#clock.ahead += days * 86_400_000
  }
  async night(config: object = {}): Promise<Held> {
    const { clock } = quickPorts()
    const ports = quickPorts({ clock: { ...clock, now: () => new Date(Date.now() + this.#clock.ahead) } })
    await using connector = await open(this.bed, config, ports)
    this.bed.calls.clear()
    return await run(connector, this.collection, this.held)
  }
  /** What the last night brought and took away. */
  get said(): readonly string[] {
    return this.held.changes.flatMap((change) =>
      change.type === 'upsert' ? [`+ ${change.item.id}`] : change.type === 'delete' ? [`- ${change.id}`] : [],
    )
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.bed[Symbol.asyncDispose]()
  }
}

export async function adasNights(service: Service, options: GoogleTestbedOptions = {}): Promise<Nights> {
  const clock = { ahead: 0 }
  return new Nights(service, await googleTestbed({ now: () => Date.now() + clock.ahead, ...options }), clock)
}
