/** What two pictures do not have in common. A line that stands twice in one and once in the other is a difference. */
export function differences(wanted: readonly string[], found: readonly string[]): string[] {
  const [want, have] = [counted(wanted), counted(found)]
  const lines: string[] = []
  for (const line of new Set([...wanted, ...found])) {
    const [n, there] = [want.get(line) ?? 0, have.get(line) ?? 0]
    if (n !== there) lines.push(`${there} instead of ${n} times: ${line}`)
  }
  return lines
}

function counted(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
