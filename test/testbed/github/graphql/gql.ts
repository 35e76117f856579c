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
  readonly actor: (of: Person | null) => Node | null
  /** Where the schema allows nobody but people. */
  readonly user: (of: Person | null) => Node | null
  readonly owner: (of: Organisation | Person) => Node
  readonly organisation: (of: Organisation) => Node
  readonly repository: (of: Repository) => Node
  readonly item: (repository: Repository, of: Item) => Node
  readonly comment: (repository: Repository, of: Comment) => Node
  readonly review: (repository: Repository, of: Review) => Node
  readonly reviewComment: (repository: Repository, of: ReviewComment) => Node
  readonly thread: (repository: Repository, of: Thread) => Node
  readonly discussion: (repository: Repository, of: Discussion) => Node
  readonly discussionComment: (repository: Repository, of: DiscussionComment) => Node
}
