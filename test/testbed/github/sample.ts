import { addProject, addTeam, addToProject } from './organisation.ts'
import { createIssue } from './issues.ts'
import type { Repository } from './repository.ts'
import { billing } from './sample/billing.ts'
import { samplePeople, type SamplePeople } from './sample/people.ts'
import { move, website } from './sample/website.ts'
import type { GithubWorld, Organisation } from './world.ts'

/** The made-up company as a GitHub organisation: `fallreep-demo`. */
export interface SampleOrganisation {
  readonly world: GithubWorld
  readonly organisation: Organisation
  readonly people: SamplePeople
  /** Issues and pull requests of every kind. */
  readonly website: Repository
  /** Settings, releases, LFS. */
  readonly billing: Repository
  /** Public, without issues; its wiki is switched on and was never written. */
  readonly handbook: Repository
  /** Without pull requests. */
  readonly mirror: Repository
  readonly empty: Repository
  /** 451 and 403. */
  readonly takenDown: Repository
  readonly blocked: Repository
  /** Was called webshop. */
  readonly shop: Repository
  readonly legacy: Repository
}

/** Everything on the list of bad input, in repositories as small as can be. The same world each time. */
export function sampleOrganisation(world: GithubWorld): SampleOrganisation {
  const people = samplePeople(world)
  const { ada, erika, ken, olena, yusuf, sam, samToo, nora, gisela } = people
  const organisation = world.addOrganisation('fallreep-demo', 'Fallreep Demo GmbH')
  for (const one of [ada, erika]) organisation.members.set(one, 'admin')
  for (const one of [ken, olena, yusuf, sam, samToo, nora]) organisation.members.set(one, 'member')
  const site = website(world, organisation, people)
  const bills = billing(world, organisation, people)
  move(site, bills, people)
  const handbook = world.addRepository(organisation, 'handbook', {
    description: 'Handbuch',
    visibility: 'public',
    hasIssues: false,
    hasWiki: true,
    hasDiscussions: true,
  })
  handbook.push('trunk', olena, 'Anfang', { 'index.md': '# Handbuch\n' })
  handbook.git.head = 'refs/heads/trunk'
  const mirror = world.addRepository(organisation, 'mirror', { hasPulls: false })
  mirror.push('main', ken, 'Spiegel', { 'a.txt': 'a\n' })
  createIssue(mirror, { title: 'Nur ein Spiegel', author: gisela })
  const empty = world.addRepository(organisation, 'empty')
  const takenDown = world.addRepository(organisation, 'taken-down', { block: 'dmca' })
  const blocked = world.addRepository(organisation, 'blocked', { block: 'tos' })
  const shop = world.addRepository(organisation, 'webshop')
  shop.push('main', sam, 'Shop', { 'shop.txt': 'shop\n' })
  createIssue(shop, { title: 'Name', body: 'Wir heißen bald anders', author: sam })
  world.renameRepository(shop, 'shop')
  const legacy = world.addRepository(organisation, 'legacy', { archived: true })
  legacy.push('main', yusuf, 'Alt', { 'alt.txt': 'alt\n' })
  around(world, organisation, people, [site, bills])
  return { world, organisation, people, website: site, billing: bills, handbook, mirror, empty, takenDown, blocked, shop, legacy }
}

/** What belongs to the organisation itself. */
function around(
  world: GithubWorld,
  organisation: Organisation,
  { ada, erika, ken, olena, samToo }: SamplePeople,
  [site, bills]: readonly [Repository, Repository],
): void {
  const { now: createdAt } = world
  const developers = addTeam(world, organisation, 'Developers', {
    maintainers: [ada],
    members: [ken, olena],
    repositories: [
      [site, 'push'],
      [bills, 'maintain'],
    ],
  })
  addTeam(world, organisation, 'Front end', { members: [samToo], parent: developers, repositories: [[site, 'admin']] })
  addTeam(world, organisation, 'Leitung', { members: [erika], secret: true })
  const project = addProject(world, organisation, 'Fahrplan', erika, ['Offen', 'In Arbeit', 'Fertig'])
  addToProject(world, project, erika, { repository: site, number: 1 }, { Status: 'In Arbeit', Estimate: 3, Due: '2026-12-24' })
  addToProject(world, project, erika, { repository: site, number: 2 }, { Status: 'Fertig' })
  addToProject(world, project, ada, { title: 'Nur ein Gedanke', body: 'noch kein Issue' }, { Note: 'siehe #1' })
  organisation.hooks.push({ id: world.nextId(), url: 'https://audit.example.org/hook', events: ['*'], active: false, createdAt })
  organisation.rulesets.push({
    id: world.nextId(),
    name: 'Everywhere',
    target: 'branch',
    enforcement: 'evaluate',
    include: ['~DEFAULT_BRANCH'],
    rules: [{ type: 'non_fast_forward' }],
    createdAt,
  })
  organisation.variables.push({ name: 'COMPANY', value: 'Fallreep Demo GmbH', createdAt })
  organisation.secrets.push({ name: 'NPM_TOKEN', value: 'canary-of-a-secret', createdAt })
  organisation.properties.push({ name: 'tier', type: 'single_select', values: ['gold', 'silver'] })
}
