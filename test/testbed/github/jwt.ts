import { createPrivateKey, sign } from 'node:crypto'
import type { App } from './auth.ts'

/** What an app says who it is with, by the machine's clock or another. */
export function appJwt({ id, privateKey }: Pick<App, 'id' | 'privateKey'>, nowMs = Date.now()): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const iat = Math.floor(nowMs / 1000)
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: id, iat: iat - 30, exp: iat + 540 })}`
  return `${unsigned}.${sign('sha256', Buffer.from(unsigned), createPrivateKey(privateKey)).toString('base64url')}`
}
