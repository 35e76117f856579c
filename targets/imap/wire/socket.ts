import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Socket, connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Fault } from '../../../src/fault.ts'

/** Where the server is and how safe the road to it must be. `timeoutMs`: silence after which it counts as gone. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls' | 'plain'
  readonly allowPlain: boolean
  /** PEM file of an authority of the customer's own. */
  readonly caFile: string | undefined
  readonly timeoutMs: number
}

const CONNECT_MS = 30_000

/**
 * Opens a socket; with `tls`, encrypted from the first byte. These two functions are the only place where this target touches the network.
 * @throws Fault `unavailable` when nobody answers, `config` for a plain connection that leaves this machine or a certificate nobody vouches for
 */
export async function openSocket(address: Address, signal: AbortSignal): Promise<Socket> {
  const { host, port, security, allowPlain } = address
  if (security === 'plain' && !allowPlain && !loopback(host))
    throw new Fault({
      code: 'config',
      what: `Passwords would cross the network to ${host} in the clear`,
      remedy: 'Set `security: tls` or `starttls`, or `allowPlain: true` if that network is yours alone',
    })
  const secure = security === 'tls' ? await tlsOptions(address) : undefined
  signal.throwIfAborted()
  const socket = secure === undefined ? connectTcp({ host, port, noDelay: true }) : connectTls({ ...secure, host, port })
  return ready(socket, secure === undefined ? 'connect' : 'secureConnect', address, signal)
}

/** Encrypts a connection that began in the clear, after STARTTLS. @throws as `openSocket` */
export async function secured(socket: Socket, address: Address, signal: AbortSignal): Promise<Socket> {
  return ready(connectTls({ ...(await tlsOptions(address)), socket }), 'secureConnect', address, signal)
}

async function tlsOptions({ host, caFile }: Address) {
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch((cause: unknown) => refuseCa(caFile, cause))
  return { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) }
}

function refuseCa(caFile: string, cause: unknown): never {
  throw new Fault({ code: 'config', what: `Cannot read the certificate authority ${caFile}`, remedy: 'Check `caFile`', cause })
}

async function ready(socket: Socket, event: 'connect' | 'secureConnect', { host, port }: Address, signal: AbortSignal): Promise<Socket> {
  socket.setNoDelay(true)
  const slow = AbortSignal.timeout(CONNECT_MS)
  try {
    await once(socket, event, { signal: AbortSignal.any([signal, slow]) })
    return socket
  } catch (cause) {
    socket.on('error', () => undefined)
    socket.destroy()
    signal.throwIfAborted()
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
      throw new Fault({
        code: 'config',
        what: `The certificate of ${host} is not one this machine trusts`,
        why: code,
        remedy: 'Give the server a certificate of a known authority, or name your own authority in `caFile`',
        cause,
      })
    throw new Fault({
      code: 'unavailable',
      what: `Cannot reach the mail server ${host}:${port}`,
      why: slow.aborted ? `no answer within ${CONNECT_MS / 1000} s` : cause instanceof Error ? cause.message : undefined,
      remedy: 'Check host, port and `security`, and whether a firewall stands between',
      retry: { type: 'backoff' },
      cause,
    })
  }
}

const loopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)
