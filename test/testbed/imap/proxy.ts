import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

export interface LineProxy extends AsyncDisposable {
  readonly host: '127.0.0.1'
  readonly port: number
  /** Connections that were cut so far. */
  readonly cuts: number
  /** Cuts the connection over which the byte with this number, counted from now on over all connections, goes to the server. */
  cutAfter(bytes: number): void
}

/**
 * Hands bytes on between a client and a server, each half of `rttMs` late, and cuts connections on request. `arrives` is asked of every piece
 * that a client sends; where it does not, the connection is cut.
 */
export async function lineProxy(to: { readonly port: number }, rttMs = 0, arrives: () => boolean = () => true): Promise<LineProxy> {
  const sockets = new Set<Socket>()
  let left = Infinity
  let cuts = 0
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: to.port, host: '127.0.0.1', noDelay: true })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    const cut = (): void => {
      cuts++
      left = Infinity
      client.destroy()
      upstream.destroy()
    }
    handOn(client, upstream, rttMs / 2, (bytes) => {
      left -= bytes
      if (arrives() && left >= 0) return true
      cut()
      return false
    })
    handOn(upstream, client, rttMs / 2, () => true)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
    cutAfter: (bytes) => void (left = bytes),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What a long line holds: more would be no line, but a disk. */
const IN_FLIGHT = 4 << 20

function handOn(from: Socket, to: Socket, lateMs: number, passes: (bytes: number) => boolean): void {
  if (lateMs === 0) {
    from.on('data', (chunk: Buffer) => {
      if (passes(chunk.length) && !to.write(chunk)) {
        from.pause()
        to.once('drain', () => from.resume())
      }
    })
    from.on('end', () => to.end())
    from.on('close', () => to.destroy())
    return
  }
  let queue: { readonly at: number; readonly chunk: Buffer | undefined }[] = []
  let flying = 0
  let timer: NodeJS.Timeout | undefined
  const deliver = (): void => {
    timer = undefined
    const now = performance.now()
    let due = 0
    while (due < queue.length && (queue[due]?.at ?? Infinity) <= now) due++
    for (const { chunk } of queue.slice(0, due)) {
      if (chunk === undefined) to.end()
      else {
        flying -= chunk.length
        to.write(chunk)
      }
    }
    queue = queue.slice(due)
    if (from.isPaused() && flying < IN_FLIGHT && !to.writableNeedDrain) from.resume()
    const first = queue[0]
    if (first !== undefined) timer = setTimeout(deliver, Math.max(1, first.at - now))
  }
  const add = (chunk: Buffer | undefined): void => {
    queue.push({ at: performance.now() + lateMs, chunk })
    timer ??= setTimeout(deliver, lateMs)
  }
  from.on('data', (chunk: Buffer) => {
    if (!passes(chunk.length)) return
    flying += chunk.length
    add(chunk)
    if (flying >= IN_FLIGHT || to.writableNeedDrain) from.pause()
  })
  to.on('drain', () => {
    if (from.isPaused() && flying < IN_FLIGHT) from.resume()
  })
  from.on('end', () => add(undefined))
  from.on('close', () => {
    if (queue.length === 0) to.destroy()
  })
}
