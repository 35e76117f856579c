import type { Grant } from '../auth.ts'
import type { Comment, Discussion, DiscussionComment, Item, Person, Review, ReviewComment, Thread } from '../model.ts'
import type { Repository } from '../repository.ts'
import type { Site } from '../site.ts'
import type { GithubWorld, Organisation } from '../world.ts'

/** A value of the schema: fields, or functions of a field's arguments. `__typename` says what it is. */
export type Node = Readonly<Record<string, unknown>>

/** How to show each thing there is. Kinds refer to each other through it. */
export interface Gql {
  readonly world: GithubWorld
  readonly grant: Grant
  readonly site: Site
  actor(of: Person | null): Node | null
  /** Where the schema allows nobody but people. */
  user(of: Person | null): Node | null
  owner(of: Organisation | Person): Node
  organisation(of: Organisation): Node
  repository(of: Repository): Node
  item(repository: Repository, of: Item): Node
  comment(repository: Repository, of: Comment): Node
  review(repository: Repository, of: Review): Node
  reviewComment(repository: Repository, of: ReviewComment): Node
  thread(repository: Repository, of: Thread): Node
  discussion(repository: Repository, of: Discussion): Node
  discussionComment(repository: Repository, of: DiscussionComment): Node
}
