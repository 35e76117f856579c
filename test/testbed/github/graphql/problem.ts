/** An error as GitHub's GraphQL API words it: with a type, and status 200. */
export class Problem extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}
