import type { Discussion, DiscussionCategory, DiscussionComment, Person } from './model.ts'
import type { Repository } from './repository.ts'

export function addCategory(repository: Repository, name: string, isAnswerable = false): DiscussionCategory {
  const slug = name.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  const made = { id: repository.world.nextId(), name, slug, emoji: ':speech_balloon:', isAnswerable }
  repository.categories.push(made)
  return made
}
export function discuss(repository: Repository, category: DiscussionCategory, author: Person, title: string, body: string): Discussion {
  const { now } = repository.world
  return repository.discussions.add({
    id: repository.world.nextId(),
    number: repository.nextNumber(),
    title,
    body,
    author,
    category,
    answer: null,
    answeredBy: null,
    locked: false,
    closedAt: null,
    labels: [],
    reactions: [],
    createdAt: now,
    updatedAt: now,
  })
}
/** With `to`: an answer below another comment. */
export function say(repository: Repository, of: Discussion, author: Person, body: string, to?: DiscussionComment): DiscussionComment {
  const { now } = repository.world
  of.updatedAt = now
  return repository.discussionComments.add({
    id: repository.world.nextId(),
    item: of.number,
    author,
    body,
    replyTo: to?.id ?? null,
    reactions: [],
    createdAt: now,
    updatedAt: now,
  })
}
export function accept(repository: Repository, of: Discussion, answer: DiscussionComment, by: Person): void {
  of.answer = answer.id
  of.answeredBy = by
  of.updatedAt = repository.world.now
}
/** With answers below it the place stays, empty; without it goes. */
export function deleteSaid(repository: Repository, of: DiscussionComment): void {
  const below = repository.discussionComments.of(of.item).some(({ replyTo }) => replyTo === of.id)
  if (!below) return repository.discussionComments.remove(of.id)
  of.deleted = true
  of.updatedAt = repository.world.now
}
