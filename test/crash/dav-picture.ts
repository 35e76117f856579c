import { canonicalJson } from '../../src/model/canonical.ts'
import { canonicalCalendar, canonicalCard } from '../../src/standards/canonical.ts'
import type { DavTestbed } from '../testbed/dav/testbed.ts'

/** Every calendar, every address book and everything in them, a line each: where it stands and what it says. And every invitation that went out. */
export function davPicture({ state, smtp }: Pick<DavTestbed, 'state' | 'smtp'>): readonly string[] {
  const lines: string[] = []
  for (const { kind, login, name, props, components, objects, trashed } of state.places) {
    const place = `${kind} ${login} ${name}`
    lines.push(`${place} ${canonicalJson({ props: Object.fromEntries(props), components, trashed })}`)
    for (const object of objects.values()) {
      const says = kind === 'calendar' ? canonicalCalendar(object.text) : canonicalCard(object.text)
      lines.push(`in ${place} ${canonicalJson(says)}`)
    }
  }
  for (const { login, place, uid } of state.trash) lines.push(`in the bin of ${login}: ${place} ${uid}`)
  for (const mail of smtp.mails) lines.push(`somebody was told: ${JSON.stringify(mail)}`)
  return lines
}
