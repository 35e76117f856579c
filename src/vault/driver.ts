/** An object in the making: bytes go in while their name (a hash of them) is not known yet. Any error poisons it; discard and start again. */
export interface Stage {
  /** Appends the parts in order; they may be used again by the caller when this returns. */
  write(parts: readonly Uint8Array[]): Promise<void>
  /** Durable under this name when it returns. `exists`: somebody stored that name before; nothing was changed. */
  publish(name: string): Promise<'created' | 'exists'>
  /** Forgets it; never throws, may be called at any time. */
  discard(): Promise<void>
}

export interface Stored {
  readonly name: string
  readonly size: number
}

/**
 * Where a vault's files live: a flat name space of immutable objects. No method replaces an object.
 * Names are relative, with `/` between segments, and made by the vault alone.
 * @throws Fault `unavailable` when the storage is full or does not answer; everything durable stays as it was
 */
export interface Driver {
  stage(session: string): Promise<Stage>
  /** For small objects; the same promises as `Stage.publish`. */
  putIfAbsent(name: string, bytes: Uint8Array, session: string): Promise<'created' | 'exists'>
  /** The bytes of an object or of a range of it, in order; a yielded piece is the reader's to keep. @throws Fault `gone` when there is no such object */
  get(name: string, range: { readonly offset: number; readonly length: number } | undefined, signal: AbortSignal): AsyncIterable<Buffer>
  head(name: string): Promise<{ readonly size: number } | undefined>
  /** Every object whose name begins with `prefix` (a folder, ending in `/`, or empty for all), in no order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<Stored>
  /** Only for sessions, staging leftovers and the collector of garbage. Absent objects are no error. */
  delete(name: string): Promise<void>
  /** The storage's own clock. */
  now(): Promise<Date>
  /** Set when the objects are plain files below this directory, so that worker threads can read them by themselves. */
  readonly directory: string | undefined
}

/** A whole small object. @throws Fault `gone`, `unavailable` */
export async function getBytes(driver: Driver, name: string, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of driver.get(name, undefined, signal)) parts.push(part)
  return Buffer.concat(parts)
}
