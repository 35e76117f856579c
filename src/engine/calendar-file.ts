/**
 * One iCalendar file out of many: the components of every object in their order, each VTIMEZONE once. Texts are as the model has them (CRLF,
 * one VCALENDAR each); what is no such text is left out, and `skipped` counts it.
 */
export function calendarFile(name: string, objects: Iterable<string>): { readonly text: string; readonly skipped: number } {
  const zones = new Map<string, string>()
  const components: string[] = []
  let skipped = 0
  for (const object of objects) {
    const parts = componentsOf(object)
    if (parts.length === 0) skipped++
    for (const part of parts) {
      const zone = /^BEGIN:VTIMEZONE\r\n(?:.*\r\n)*?TZID[^:]*:(.*)\r\n/i.exec(part)?.[1]
      if (zone === undefined) components.push(part)
      else if (!zones.has(zone)) zones.set(zone, part)
    }
  }
  const title = name.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/[\u0000-\u001f\u007f]/g, ' ')
  const head = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fallreep//export//EN\r\nX-WR-CALNAME:${title}\r\n`
  return { text: [head, ...zones.values(), ...components, 'END:VCALENDAR\r\n'].join(''), skipped }
}

/** The components directly inside VCALENDAR, as text. A folded line never begins with BEGIN or END: it begins with a space. */
function componentsOf(object: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let open: string[] = []
  for (const line of object.split('\r\n')) {
    if (/^BEGIN:/i.test(line)) depth++
    if (depth >= 2) open.push(line)
    if (!/^END:/i.test(line)) continue
    depth--
    if (depth !== 1) continue
    parts.push(`${open.join('\r\n')}\r\n`)
    open = []
  }
  return depth === 0 ? parts : []
}
