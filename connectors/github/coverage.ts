import { z } from 'zod'
import type { Loss } from '../../src/contract/fidelity.ts'
import { itemId } from '../../src/contract/ids.ts'
import { refused } from './github-fault.ts'
import type { Github } from './github.ts'
import type { Listing } from './listing.ts'
import { dropped } from './map/item.ts'

/** What there is, and what the token sees of it. */
export interface Coverage {
  readonly seen: number
  /** As the organisation counts; undefined: it does not tell this token. */
  readonly counted: number | undefined
  /** `owner/name` of repositories that are listed and that the App is not installed for. */
  readonly uninstalled: readonly string[]
  readonly losses: readonly Loss[]
}

const Row = z.object({ id: z.number().int(), full_name: z.string() })
const Count = z.number().int().catch(0).default(0)
const Organisation = z.object({ public_repos: Count, total_private_repos: z.number().int().optional().catch(undefined) })

/**
 * GitHub leaves out what a token may not see and does not say so. Three things tell: how many repositories the organisation counts, which it lists,
 * and which the App was installed for.
 */
export async function coverage(github: Github, listing: Listing, signal: AbortSignal): Promise<Coverage> {
  const { config } = github
  const listed = new Map(listing.byName)
  const counted = await count(github, listing, signal)
  let uninstalled: readonly string[] = []
  if (listing.isOrganisation) {
    try {
      for (const { id, full_name } of rows(
        await github.list(`GitHub refused the repositories of ${config.owner}`, `/orgs/${config.owner}/repos?per_page=100`, signal),
      ))
        listed.set(full_name.toLowerCase(), id)
    } catch (error) {
      if (!refused(error)) throw error
    }
  }
  if (config.auth.type === 'app') {
    const installed = new Set(
      rows(
        await github.list(
          'GitHub refused the repositories of the installation',
          '/installation/repositories?per_page=100',
          signal,
          'repositories',
        ),
      ).map(({ id }) => id),
    )
    uninstalled = [...listed].flatMap(([name, id]) => (installed.has(id) ? [] : name)).toSorted()
  }
  const unlisted = [...listed].flatMap(([name, id]) => ([...listing.byName.values()].includes(id) ? [] : [{ name, id }]))
  const losses = [
    ...unlisted.map(({ id, name }) =>
      dropped(itemId('repository', String(id)), 'withheld-by-source', `${name} is listed and may not be read`),
    ),
    ...uninstalled
      .filter((name) => listing.byName.has(name))
      .map((name) =>
        dropped(
          itemId('repository', String(listed.get(name))),
          'withheld-by-source',
          `the App is not installed for ${name}: only what everybody may see of it is read`,
        ),
      ),
  ]
  const hidden = (counted ?? 0) - listed.size
  if (hidden > 0) {
    const detail = `${config.owner} counts ${counted} repositories and the token sees ${listed.size}: ${hidden} are out of sight`
    losses.push(dropped(itemId('repository', 'all'), 'withheld-by-source', detail))
  }
  const excluded = listing.byName.size - listing.repositories.size
  if (excluded > 0)
    losses.push(dropped(itemId('repository', 'excluded'), 'excluded-by-policy', `the configuration leaves out ${excluded} repositories`))
  if (listing.unreadable > 0)
    losses.push(dropped(itemId('repository', 'all'), 'invalid-at-source', `${listing.unreadable} listed repositories cannot be read`))
  return { seen: listing.byName.size, counted, uninstalled, losses }
}

async function count(github: Github, listing: Listing, signal: AbortSignal): Promise<number | undefined> {
  if (!listing.isOrganisation) return undefined
  const { owner } = github.config
  try {
    const { data } = await github.get(`GitHub refused to count the repositories of ${owner}`, `/orgs/${owner}`, signal)
    const counts = Organisation.safeParse(data).data
    return counts?.total_private_repos === undefined ? undefined : counts.public_repos + counts.total_private_repos
  } catch (error) {
    if (refused(error)) return undefined
    throw error
  }
}

const rows = (raws: readonly unknown[]): z.infer<typeof Row>[] => raws.flatMap((raw) => Row.safeParse(raw).data ?? [])
