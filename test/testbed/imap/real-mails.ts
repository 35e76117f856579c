import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface RealMail {
  /** Where it was found. */
  readonly path: string
  readonly bytes: Buffer
}

/**
 * Where Debian packages keep mails for their own tests: bounces of many servers, broken MIME, signed mails, mails of mail clients that are
 * long gone. Debian 12: libpython3.11-testsuite, golang-github-jhillyerd-enmime-dev, python3-flufl.bounce, python3-dkim,
 * python3-authheaders, python3-django-hyperkitty, python3-django-mailman3.
 */
const PLACES = [
  ...['authheaders', 'django_mailman3', 'dkim', 'flufl/bounce', 'hyperkitty', 'mailman'].map(
    (name) => `/usr/lib/python3/dist-packages/${name}`,
  ),
  '/usr/lib/python3.11/test/test_email/data',
  '/usr/share/gocode/src/github.com/jhillyerd/enmime',
  '/usr/share/doc/spamassassin/examples',
]
const KNOWN =
  /^(?:received|return-path|delivered-to|message-id|mime-version|subject|from|to|date|content-type|content-transfer-encoding|x-mailer|dkim-signature|cc|reply-to|sender):/i
const LARGEST = 4 << 20

/** Every mail that lies in these places on this machine, each once, as a mail server would have taken it in: Unix line ends become CRLF. */
export async function realMails(): Promise<readonly RealMail[]> {
  const found = new Map<string, RealMail>()
  for (const place of PLACES)
    for await (const path of files(place)) {
      const bytes = await readFile(path).catch(() => Buffer.alloc(0))
      if (bytes.length === 0 || bytes.length > LARGEST || !looksLikeMail(bytes)) continue
      for (const mail of mailsIn(bytes).flatMap((mail) => [mail, ...mailsWithin(mail)]))
        found.set(createHash('sha256').update(mail).digest('hex'), { path, bytes: mail })
    }
  return [...found.values()]
}

async function* files(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries)
    if (entry.isFile() && !/\.(py|pyc|go|so|gz|html?|css|js|json|po|mo|png|golden)$/.test(entry.name))
      yield join(entry.parentPath, entry.name)
}

/** It begins with a header in which at least one field is one of mails. */
function looksLikeMail(bytes: Buffer): boolean {
  const lines = bytes
    .toString('latin1', 0, 16_384)
    .replace(/^>?From [^\n]*\n/, '')
    .split(/\r?\n/)
  let known = 0
  for (const [at, line] of lines.entries()) {
    if (line === '') break
    if (KNOWN.test(line)) known++
    else if (!/^(?:[\u0021-\u0039\u003b-\u007e]+:|[ \t])/.test(line)) return false
    if (at === 0 && !/^[A-Za-z][A-Za-z0-9-]*:/.test(line)) return false
  }
  return known >= 1
}

/** The mails of an mbox; or the one that the file is. Files whose line ends are mixed stay as they are. */
function mailsIn(bytes: Buffer): readonly Buffer[] {
  const text = bytes.toString('latin1')
  const parts = /^From \S+ .*\d{4}/.test(text) ? text.split(/^From \S+ .*\d{4}.*\r?\n/m).filter((part) => part !== '') : [text]
  return parts.map((part) => Buffer.from(part.includes('\r\n') ? part : part.replaceAll('\n', '\r\n'), 'latin1'))
}

/** Mails that were attached to others, as bounces do with what they could not deliver. */
function mailsWithin(mail: Buffer): readonly Buffer[] {
  const attached = mail
    .toString('latin1')
    .matchAll(/^Content-Type:[ \t]*message\/rfc822(?:[^\r\n]*\r?\n)(?:[^\r\n]+\r?\n)*\r?\n([^]*?)(?=\r?\n--)/gim)
  return [...attached].map(([, inner = '']) => Buffer.from(`${inner}\r\n`, 'latin1')).filter(looksLikeMail)
}
