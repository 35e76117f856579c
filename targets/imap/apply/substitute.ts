import { hash } from 'node:crypto'
import { acceptable, looksOf } from './mark.ts'
import type { Waiting } from './work.ts'

/** A mail as a server takes it that refused it as it is; undefined: there is nothing to mend. How it stands is looked at once it is there. */
export function substituteFor(mail: Waiting): Waiting | undefined {
  const content = Buffer.isBuffer(mail.content) ? acceptable(mail.content) : undefined
  return content === undefined
    ? undefined
    : { ...mail, content, looks: { ...looksOf(content), irregular: true }, sha256: hash('sha256', content) }
}
