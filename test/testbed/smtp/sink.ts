import { type Server, type Socket, createServer } from 'node:net'

export interface SunkMail {
  readonly from: string
  readonly to: readonly string[]
  /** The message as it was sent, CRLF. */
  readonly text: string
}
export interface SmtpSink extends AsyncDisposable {
  readonly port: number
  readonly mails: readonly SunkMail[]
}

/** An SMTP server on a loopback port (0: a free one) that takes every mail and delivers none: what a test of "nobody is told" looks into. */
export async function smtpSink(port = 0): Promise<SmtpSink> {
  const mails: SunkMail[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    converse(socket, (mail) => void mails.push(mail))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    mails,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function converse(socket: Socket, sunk: (mail: SunkMail) => void): void {
  let waiting = ''
  let from = ''
  let to: string[] = []
  let data: string | undefined
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  const command = (line: string): void => {
    const [verb = ''] = line.toUpperCase().split(/[ :]/)
    const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
    if (verb === 'EHLO' || verb === 'HELO') say('250 sink')
    else if (verb === 'MAIL') {
      from = address
      to = []
      say('250 ok')
    } else if (verb === 'RCPT') {
      to.push(address)
      say('250 ok')
    } else if (verb === 'DATA') {
      data = ''
      say('354 go on')
    } else if (verb === 'QUIT') {
      say('221 bye')
      socket.end()
    } else say(verb === 'RSET' || verb === 'NOOP' ? '250 ok' : '502 not here')
  }
  socket.setEncoding('utf8')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: string) => {
    waiting += chunk
    for (let end = waiting.indexOf('\r\n'); end !== -1; end = waiting.indexOf('\r\n')) {
      const line = waiting.slice(0, end)
      waiting = waiting.slice(end + 2)
      if (data === undefined) command(line)
      else if (line === '.') {
        sunk({ from, to: [...to], text: data })
        data = undefined
        say('250 taken')
      } else data += `${line.startsWith('..') ? line.slice(1) : line}\r\n`
    }
  })
  say('220 sink ESMTP')
}
