import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

export interface Withholding extends AsyncDisposable {
  readonly host: '127.0.0.1'
  readonly port: number
}

/**
 * A line that hands on what the server says of mails only once the client has sent the next ones as well, or all `commands` of them: whoever waits
 * for each answer waits for ever. The first `free` of them are answered at once.
 */
export async function withholding(to: { readonly port: number }, free: number, commands: number): Promise<Withholding> {
  const sockets = new Set<Socket>()
  let [sent, answered] = [0, 0]
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: to.port, host: '127.0.0.1', noDelay: true })
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined))
    const held: Buffer[] = []
    let before = ''
    const handOn = (): void => {
      for (let next = held[0]; next !== undefined; next = held[0]) {
        const answers = next.toString('latin1').match(/APPENDUID/g)?.length ?? 0
        if (answers > 0 && answered >= free && sent < commands && sent < answered + 2) return
        answered += answers
        client.write(next)
        held.shift()
      }
    }
    client.on('data', (chunk: Buffer) => {
      // A command may begin at the end of one piece and go on in the next.
      const text = before + chunk.toString('latin1')
      for (const { index, 0: begun } of text.matchAll(/\nf\d+ APPEND /g)) if (index + begun.length > before.length) sent += 1
      before = text.slice(-20)
      upstream.write(chunk)
      handOn()
    })
    upstream.on('data', (chunk: Buffer) => {
      held.push(chunk)
      handOn()
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
