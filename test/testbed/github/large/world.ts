import type { Person } from '../model.ts'
import { GithubWorld } from '../world.ts'
import { largeRepository } from './repository.ts'
import { shares } from './spread.ts'

export interface LargeOptions {
  readonly repositories?: number
  readonly issues?: number
  readonly pulls?: number
  readonly comments?: number
  readonly reviews?: number
  readonly reviewComments?: number
  readonly events?: number
  readonly crossReferences?: number
  readonly people?: number
}

/** How many of each kind one repository has. */
export interface Amounts {
  readonly issues: number
  readonly pulls: number
  readonly comments: number
  readonly reviews: number
  readonly reviewComments: number
  readonly events: number
  readonly crossReferences: number
}

/** An organisation of any size: `acme`, few large repositories and many small ones. Rows are made as they are asked for. */
export function largeWorld(options: LargeOptions = {}): GithubWorld {
  const { repositories = 200, people = 120 } = options
  const world = new GithubWorld('2026-11-25T02:00:00Z')
  const acme = world.addOrganisation('acme', 'Acme')
  const members: Person[] = Array.from({ length: people }, (_, at) =>
    world.addPerson(`person-${at + 1}`, { name: `Person ${at + 1}`, email: `person${at + 1}@example.org` }),
  )
  for (const [at, person] of members.entries()) acme.members.set(person, at === 0 ? 'admin' : 'member')
  const weights = Array.from({ length: repositories }, (_, at) => 1 / (at + 1) ** 1.1)
  const pulls = options.pulls ?? 30_000
  const each = {
    issues: shares(options.issues ?? 20_000, weights),
    pulls: shares(pulls, weights),
    comments: shares(options.comments ?? 150_000, weights),
    // At least one for each pull request: comments on lines belong to a review.
    reviews: shares(Math.max(pulls, options.reviews ?? 40_000), weights),
    reviewComments: shares(options.reviewComments ?? 80_000, weights),
    events: shares(options.events ?? 400_000, weights),
    crossReferences: shares(options.crossReferences ?? 18_000, weights),
  }
  for (let at = 0; at < repositories; at += 1) {
    const amounts: Amounts = {
      issues: each.issues[at] ?? 0,
      pulls: each.pulls[at] ?? 0,
      comments: each.comments[at] ?? 0,
      reviews: each.reviews[at] ?? 0,
      reviewComments: each.reviewComments[at] ?? 0,
      events: each.events[at] ?? 0,
      crossReferences: each.crossReferences[at] ?? 0,
    }
    largeRepository(world, acme, `repository-${at + 1}`, members, amounts)
  }
  return world
}
