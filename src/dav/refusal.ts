import { Fault, type FaultCode, type Retry } from '../fault.ts'
import { faultFromStatus } from '../http/fault-from-status.ts'
import { readXml, type Element } from './element.ts'

const REMEDY: Partial<Record<FaultCode, string>> = {
  auth: 'Check `login` and `password` of the target: Nextcloud wants an app password where two-factor login is on',
  permission: 'The login needs the right to write there',
  gone: 'Check `url`: it must lead to the DAV part of the server, for Nextcloud https://HOST/remote.php/dav',
  throttled:
    'Run again later; what was done is kept. Nextcloud lets a person make ten calendars an hour: raise it with occ config:app:set dav rateLimitCalendarCreation --value=1000 (rateLimitAddressBookCreation), or pace with `limits: { TARGET: { places: { requests: 10, perMs: 3600000 } } }`',
}

/** What a DAV server answers with a status of 400 or more. Who knows better than to stop looks at `status` and `said`. */
export class Refusal extends Fault {
  readonly status: number
  /** Conditions and the message of the answer, in one line. */
  readonly said: string
  constructor(request: string, status: number, said: string, retryAfterMs: number | undefined) {
    const plain = faultFromStatus(status, { what: `The server refused ${request}`, retryAfterMs })
    const retry: Retry = status === 423 ? { type: 'backoff' } : plain.retry
    super({
      code: status === 507 ? 'rejected' : plain.code,
      what: plain.what,
      why: `HTTP ${status}${said === '' ? '' : `, ${said}`}`,
      remedy: REMEDY[plain.code] ?? plain.remedy ?? 'Look into the log of the server, then run again',
      retry: status === 507 ? { type: 'never' } : retry,
    })
    this.status = status
    this.said = said
  }
}

/** What an answer says of its reason: `no-uid-conflict`, `Calendar limit reached`. At most 200 letters. */
export function reasonIn(body: string): string {
  try {
    const words: string[] = []
    const walk = ({ name, text, children }: Element, depth: number): void => {
      if (name === 'message') words.push(text.trim())
      else if (depth > 0 && children.length === 0 && text.trim() === '') words.push(name)
      for (const child of children) walk(child, depth + 1)
    }
    walk(readXml(body), 0)
    return words
      .filter((word) => word !== '')
      .join(' ')
      .slice(0, 200)
  } catch {
    return body.trimStart().startsWith('<') ? '' : body.replaceAll(/\s+/g, ' ').trim().slice(0, 200)
  }
}
