/** Mails that have broken programs, each against some rule of RFC 5322 or MIME. `odd`: with line ends or letters that servers may mend. */
export function brokenMails(): readonly { readonly name: string; readonly bytes: Buffer; readonly odd: boolean }[] {
  const made = (name: string, text: string | Buffer, odd = false) => ({
    name,
    bytes: typeof text === 'string' ? Buffer.from(text, 'latin1') : text,
    odd,
  })
  const head = (subject: string): string => `Message-ID: <${subject}@broken.example>\r\nFrom: a@b.example\r\nSubject: ${subject}\r\n`
  return [
    made('no header at all', 'just text\r\nand more\r\n'),
    made('no body', head('no-body')),
    made('no end of the header', head('no-end').trimEnd()),
    made('empty body', `${head('empty-body')}\r\n`),
    made('no line end at the end', `${head('no-newline')}\r\nlast line`),
    made('one line end only', '\r\n'),
    made('bytes beyond ASCII in the header', `${head('8bit')}X-Name: J\u00f6rg \u00df \u0080\u00ff\r\n\r\nbody\r\n`),
    made('UTF-8 in the header', Buffer.from(`${head('utf8')}X-Name: Jörg 🙂\r\n\r\nbody\r\n`)),
    made(
      'every byte but NUL, CR and LF',
      Buffer.concat([
        Buffer.from(`${head('bytes')}\r\n`),
        Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1).filter((byte) => byte !== 10 && byte !== 13)),
        Buffer.from('\r\n'),
      ]),
    ),
    made('a line of 100,000 letters', `${head('long-line')}\r\n${'x'.repeat(100_000)}\r\n`),
    made('a header of 100,000 letters', `${head('long-header')}X-Long: ${'y'.repeat(100_000)}\r\n\r\nbody\r\n`),
    made('ten thousand header fields', `${head('many-fields')}${'X-Again: and again\r\n'.repeat(10_000)}\r\nbody\r\n`),
    made('a field name with a space', `${head('space')}Bad Name: value\r\n\r\nbody\r\n`),
    made('a line in the header without a colon', `${head('no-colon')}this is no field\r\n\r\nbody\r\n`),
    made('a continuation first', ` continued\r\n${head('continued')}\r\nbody\r\n`),
    made('From_ in front', `From a@b.example Mon Jan  1 00:00:00 2026\r\n${head('from-line')}\r\nbody\r\n`),
    made('>From in the body', `${head('from-body')}\r\nFrom here on\r\n>From there\r\n`),
    made('dots alone on lines', `${head('dots')}\r\n.\r\n..\r\n.\r\n`),
    made('an unclosed boundary', `${head('unclosed')}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\npart\r\n`),
    made('no boundary named', `${head('no-boundary')}Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\npart\r\n--b--\r\n`),
    made(
      'a boundary within itself',
      `${head('nested')}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n--b--\r\n`,
    ),
    made('wrong base64', `${head('base64')}Content-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n`),
    made('a date that is none', `${head('date')}Date: yesterday\r\n\r\nbody\r\n`),
    made('the same id twice, another body', `${head('no-body')}\r\nanother\r\n`),
    made('no id', 'Subject: without\r\n\r\none\r\n'),
    made('no id, another body of the same size', 'Subject: without\r\n\r\ntwo\r\n'),
    made('looks like a literal', `${head('literal')}\r\n{5}\r\nA001 OK LOGOUT\r\n* BYE\r\n`),
    made('bare LF in the body', `${head('bare-lf')}\r\none\ntwo\nthree\r\n`, true),
    made('LF everywhere', head('all-lf').replaceAll('\r\n', '\n').concat('\nbody\n'), true),
    made('a NUL', `${head('nul')}\r\nbefore\0after\r\n`, true),
    made('bare CR', `${head('bare-cr')}\r\none\rtwo\r\n`),
    made('CR CR LF', `${head('crcrlf')}\r\none\r\r\ntwo\r\n`, true),
  ]
}
