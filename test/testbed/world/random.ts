/** Small seeded generator (mulberry32): the same seed gives the same company on every machine. */
export class Random {
  #state: number
  constructor(seed: number) {
    this.#state = seed >>> 0
  }
  /** 0 inclusive to 1 exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  /** 0 inclusive to `below` exclusive. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }
  pick<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)]
    if (chosen === undefined) throw new Error('nothing to pick from')
    return chosen
  }
  chance(probability: number): boolean {
    return this.next() < probability
  }
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** An id in Slack's style: the letter of its kind, `0`, nine capitals and digits. The serial number keeps it unique. */
export function slackId(letter: string, serial: number, seed: number): string {
  const random = new Random(Math.imul(serial + 1, 2_654_435_761) ^ seed ^ letter.charCodeAt(0))
  let id = ''
  for (let i = 0; i < 5; i++) id += ALPHABET[random.below(36)]
  return `${letter}0${id}${serial.toString(36).toUpperCase().padStart(4, '0')}`
}
