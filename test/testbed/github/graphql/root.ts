import { sees, type Grant } from '../auth.ts'
import type { Repository } from '../repository.ts'
import type { Row } from '../model.ts'
import { nodeId, readNodeId, type Site } from '../site.ts'
import type { Table } from '../table.ts'
import type { GithubWorld } from '../world.ts'
import type { Args } from './connection.ts'
import { discussion, discussionComment } from './discussions.ts'
import type { Gql, Node } from './gql.ts'
import { comment, item, written } from './items.ts'
import { actor, organisation } from './people.ts'
import { Problem } from './problem.ts'
import { project } from './projects.ts'
import { review, reviewComment, thread } from './pulls.ts'
import { repository } from './repository.ts'

export function gql(world: GithubWorld, grant: Grant, site: Site): Gql {
  const self: Gql = {
    world,
    grant,
    site,
    actor: (of) => actor(self, of),
    user: (of) => (of?.type === 'User' ? actor(self, of) : null),
    owner: (of) => ('members' in of ? organisation(self, of) : (actor(self, of) ?? {})),
    organisation: (of) => organisation(self, of),
    repository: (of) => repository(self, of),
    item: (where, of) => item(self, where, of),
    comment: (where, of) => comment(self, where, of),
    review: (where, of) => review(self, where, of, written(self, where, of, nodeId('PRR', where.id, of.id))),
    reviewComment: (where, of) => reviewComment(self, where, of, written(self, where, of, nodeId('PRRC', where.id, of.id))),
    thread: (where, of) => thread(self, where, of),
    discussion: (where, of) => discussion(self, where, of, written(self, where, of, nodeId('D', where.id, of.id))),
    discussionComment: (where, of) => discussionComment(self, where, of, written(self, where, of, nodeId('DC', where.id, of.id))),
  }
  return self
}

/** The fields of a query's outermost level. */
export function root(self: Gql, rateLimit: () => Node): Node {
  const { world, grant } = self
  const visible = (found: Repository | undefined): Repository | undefined =>
    found === undefined || !sees(grant, found) ? undefined : found
  return {
    viewer: () => {
      const { person } = grant
      if (person === undefined) return { __typename: 'Bot', id: nodeId('BOT', 0, 1), login: 'fallreep', databaseId: 1, name: null }
      return self.actor(person)
    },
    rateLimit,
    organization: ({ login }: Args) => {
      const found = world.organisations.get(String(login).toLowerCase())
      if (found === undefined) throw new Problem('NOT_FOUND', `Could not resolve to an Organization with the login of '${String(login)}'.`)
      return self.organisation(found)
    },
    repositoryOwner: ({ login }: Args) => {
      const name = String(login).toLowerCase()
      const organisation = world.organisations.get(name)
      return organisation === undefined ? self.actor(world.people.get(name) ?? null) : self.organisation(organisation)
    },
    user: ({ login }: Args) => {
      const found = world.people.get(String(login).toLowerCase())
      if (found === undefined || found.deleted === true || found.suspended === true)
        throw new Problem('NOT_FOUND', `Could not resolve to a User with the login of '${String(login)}'.`)
      return self.actor(found)
    },
    repository: ({ owner, name, followRenames }: Args) => {
      const full = `${String(owner)}/${String(name)}`
      const moved = followRenames === false ? undefined : world.repositories.get(world.renamed.get(full.toLowerCase()) ?? -1)
      const found = visible(world.find(full) ?? moved)
      if (found === undefined) throw new Problem('NOT_FOUND', `Could not resolve to a Repository with the name '${full}'.`)
      return self.repository(unblocked(found))
    },
    node: ({ id }: Args) => node(String(id)),
    nodes: ({ ids }: Args) => (ids as readonly string[]).map((id) => settled(() => node(id))),
  }

  function node(id: string): Node {
    const place = readNodeId(id)
    const missing = new Problem('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`)
    if (place === undefined) throw missing
    if (place.kind === 'R') {
      const found = visible(world.repositories.get(place.id))
      if (found === undefined) throw missing
      return self.repository(unblocked(found))
    }
    if (place.kind === 'O') {
      const found = [...world.organisations.values()].find((one) => one.id === place.id)
      if (found === undefined) throw missing
      return self.organisation(found)
    }
    if (place.kind === 'PVT') {
      for (const owner of world.organisations.values()) {
        const found = owner.projects.find((one) => one.id === place.id)
        if (found !== undefined) return project(self, owner, found)
      }
      throw missing
    }
    if (place.kind === 'U' || place.kind === 'BOT') {
      const shown = self.actor([...world.people.values()].find((one) => one.id === place.id) ?? null)
      if (shown === null) throw missing
      return shown
    }
    const where = visible(world.repositories.get(place.repository))
    const shown = where === undefined ? undefined : inside(unblocked(where), place.kind, place.id)
    if (shown === undefined) throw missing
    return shown
  }
  function inside(where: Repository, kind: string, id: number): Node | undefined {
    const of = <T extends Row>(table: Table<T>, show: (where: Repository, one: T) => Node): Node | undefined => {
      const found = table.get(id)
      return found === undefined ? undefined : show(where, found)
    }
    switch (kind) {
      case 'I':
      case 'PR':
        return of(where.tables.items, self.item)
      case 'IC':
        return of(where.tables.comments, self.comment)
      case 'PRR':
        return of(where.tables.reviews, self.review)
      case 'PRRC':
        return of(where.tables.reviewComments, self.reviewComment)
      case 'PRRT':
        return of(where.tables.threads, self.thread)
      case 'D':
        return of(where.discussions, self.discussion)
      case 'DC':
        return of(where.discussionComments, self.discussionComment)
      default:
        return undefined
    }
  }
}
function unblocked(found: Repository): Repository {
  if (found.block !== undefined) throw new Problem('FORBIDDEN', 'Repository access blocked')
  return found
}

/** A node that is not there is null among the others, with an error of its own. */
function settled(make: () => Node): Node | Error {
  try {
    return make()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}
