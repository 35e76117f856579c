/** What one GraphQL query cost. */
export interface Spent {
  readonly name: string
  readonly points: number
  readonly nodes: number
}

/** GraphQL queries in order, by the name the client gave each. */
export class PointsLog {
  readonly queries: Spent[] = []
  add(spent: Spent): void {
    this.queries.push(spent)
  }
  get total(): number {
    return this.queries.reduce((sum, { points }) => sum + points, 0)
  }
  get byName(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {}
    for (const { name, points } of this.queries) sums[name] = (sums[name] ?? 0) + points
    return sums
  }
  clear(): void {
    this.queries.length = 0
  }
}
