import { type Line, line } from './lines.ts'
import { uriValue } from './text.ts'

/** One way into an online meeting. `url`: https:, tel: or sip:. `notes`: numbers and codes to dial, for people. */
export interface Conference {
  readonly url: string
  readonly label: string | null
  readonly type: 'video' | 'phone' | 'sip' | 'more'
  readonly notes: string | null
}

const features = { video: ['AUDIO', 'VIDEO'], phone: ['PHONE'], sip: ['AUDIO', 'VIDEO'], more: null } as const
/** Under which name the vendors' own calendar files hold the address, and other calendars look for it. */
const vendors = [
  [/^https:\/\/meet\.google\.com\//i, 'X-GOOGLE-CONFERENCE'],
  [/^https:\/\/teams\.(microsoft|live)\.com\//i, 'X-MICROSOFT-SKYPETEAMSMEETINGURL'],
] as const

/** CONFERENCE (RFC 7986 5.11), and the first address of Meet or Teams under the vendor's name. */
export function conferenceLines(conferences: readonly Conference[]): readonly Line[] {
  const standard = conferences.map(({ url, label, type, notes }) =>
    line('CONFERENCE', uriValue(url), { VALUE: 'URI', FEATURE: features[type], LABEL: label, 'X-NOTES': notes }),
  )
  const own = vendors.flatMap(([host, name]) => {
    const found = conferences.find(({ url }) => host.test(url))
    return found === undefined ? [] : [line(name, uriValue(found.url))]
  })
  return [...standard, ...own]
}
