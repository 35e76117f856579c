import { type Line, line } from './lines.ts'
import { escapeText, uriValue } from './text.ts'
import { writeWhen } from './when.ts'

/** A file beside an event or task, by its address. */
export interface Attachment {
  readonly url: string
  readonly name: string | null
  readonly mediaType: string | null
}

/** FILENAME is from RFC 8607. */
export function attachmentLine({ url, name, mediaType }: Attachment): Line {
  return line('ATTACH', uriValue(url), { FMTTYPE: mediaType, FILENAME: name })
}

export function textLine(name: string, text: string): Line | null {
  return text === '' ? null : line(name, escapeText(text))
}

/** DTSTAMP must be there. It comes from the item, so that the same item gives the same text. */
export function timeLines({
  createdAt,
  updatedAt,
}: {
  readonly createdAt: string | null
  readonly updatedAt: string | null
}): readonly Line[] {
  const stamp = updatedAt ?? createdAt ?? '1970-01-01T00:00:00Z'
  return [
    line('DTSTAMP', utc(stamp)),
    ...(createdAt === null ? [] : [line('CREATED', utc(createdAt))]),
    ...(updatedAt === null ? [] : [line('LAST-MODIFIED', utc(updatedAt))]),
  ]
}

const utc = (at: string): string => writeWhen({ type: 'utc', at })
