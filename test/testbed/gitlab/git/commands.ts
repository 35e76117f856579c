/** What a push wants: one line per ref, and the options after them. */
export interface Push {
  readonly commands: readonly { readonly old: string; readonly new: string; readonly ref: string }[]
  readonly options: readonly string[]
  /** Everything, what was read included. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Reads the head of a receive-pack request (gitprotocol-pack) without waiting for the pack behind it. */
export async function readPush(body: AsyncIterable<Uint8Array>): Promise<Push> {
  const source = body[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  let at = 0
  const need = async (bytes: number): Promise<boolean> => {
    while (held.length < at + bytes) {
      const next = await source.next()
      if (next.done === true) return false
      held = Buffer.concat([held, next.value])
    }
    return true
  }
  const lines = async (): Promise<string[]> => {
    const list: string[] = []
    while (await need(4)) {
      const length = Number.parseInt(held.subarray(at, at + 4).toString(), 16)
      at += 4
      if (length < 4 || Number.isNaN(length)) break
      if (!(await need(length - 4))) break
      list.push(
        held
          .subarray(at, at + length - 4)
          .toString()
          .replace(/\n$/, ''),
      )
      at += length - 4
    }
    return list
  }
  const wanted = await lines()
  const capabilities = wanted[0]?.split('\u0000')[1] ?? ''
  const options = / ?push-options( |$)/.test(capabilities) ? await lines() : []
  const commands = wanted.flatMap((line) => {
    const [old = '', now = '', ref = ''] = (line.split('\u0000')[0] ?? '').split(' ')
    return ref === '' ? [] : [{ old, new: now, ref }]
  })
  async function* again(): AsyncGenerator<Uint8Array> {
    if (held.length > 0) yield held
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value
  }
  return { commands, options, body: again() }
}
