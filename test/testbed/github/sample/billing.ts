import { createHash } from 'node:crypto'
import { pointerOf } from '../git/lfs.ts'
import { comment, createIssue, crossReference } from '../issues.ts'
import type { Repository } from '../repository.ts'
import type { GithubWorld, Organisation } from '../world.ts'
import type { SamplePeople } from './people.ts'
import { longest } from './texts.ts'

/** Settings of every kind, releases, LFS. */
export function billing(world: GithubWorld, owner: Organisation, { ada, erika, ken, yusuf, gisela, nora }: SamplePeople): Repository {
  const made = world.addRepository(owner, 'billing', { description: 'Rechnungen', topics: ['finance'] })
  const invoice = Buffer.from('a template that LFS keeps\n'.repeat(50))
  const lost = Buffer.from('nobody uploaded this')
  made.lfs.set(createHash('sha256').update(invoice).digest('hex'), invoice)
  made.push('main', erika, 'Start', {
    '.gitattributes': '*.pdf filter=lfs diff=lfs merge=lfs -text\n',
    'template.pdf': pointerOf(invoice),
    'lost.pdf': pointerOf(lost),
    'bin/run': '#!/bin/sh\nexit 0\n',
    'README.md': `Tickets: ${owner.login}/website#1, ABC-12\n`,
  })
  for (const branch of ['release/1.x', 'release/2.x']) made.git.refs.set(`refs/heads/${branch}`, made.git.tip('refs/heads/main'))
  world.advance(20)
  createIssue(made, { title: 'So lang wie möglich', body: longest(), author: yusuf })
  const other = createIssue(made, {
    title: 'Zusammen mit dem Shop',
    body: `Hängt an ${owner.login}/website#1 und fallreep-demo/gibt-es-nicht#5`,
    author: nora,
  })
  comment(made, other.number, erika, ':+1:')
  crossReference(world.repository(`${owner.login}/website`), 1, { repository: made, number: other.number }, nora)
  const first = made.addRelease('v1.0', ada, { name: 'Eins', body: 'Siehe #1 und @erikam', target: 'main' })
  made.git.tag('v1.0', made.git.tip('refs/heads/main'), made.signature(ada), 'Eins')
  made.addAsset(first, 'billing.tar.gz', Buffer.from('an archive'), 'application/gzip')
  made.addAsset(first, 'Prüfsummen (neu).txt', Buffer.from('abc  billing.tar.gz\n'), 'text/plain', null).digest = null
  made.addAsset(first, 'half.bin', Buffer.from(''), 'application/octet-stream').state = 'open'
  made.react(first, 'hooray', ken)
  made.addRelease('v2.0-rc1', ken, { prerelease: true, name: null, body: null })
  made.addRelease('v2.0', ken, { draft: true, body: 'noch nicht' })
  settings(made, { ada, erika, ken, gisela })
  return made
}

function settings(made: Repository, { ada, erika, ken, gisela }: Pick<SamplePeople, 'ada' | 'erika' | 'ken' | 'gisela'>): void {
  const { world } = made
  const { now: createdAt } = world
  made.protections.push(
    {
      branch: 'main',
      requiredApprovals: 2,
      codeOwners: true,
      statusChecks: ['ci/build', 'lint'],
      enforceAdmins: true,
      allowForcePushes: false,
      pushers: [ada],
    },
    {
      branch: 'release/1.x',
      requiredApprovals: 1,
      codeOwners: false,
      statusChecks: [],
      enforceAdmins: false,
      allowForcePushes: true,
      pushers: [],
    },
  )
  made.rulesets.push({
    id: world.nextId(),
    name: 'Tags',
    target: 'tag',
    enforcement: 'active',
    include: ['refs/tags/v*'],
    rules: [{ type: 'deletion' }, { type: 'update' }],
    createdAt,
  })
  made.hooks.push({
    id: world.nextId(),
    url: 'https://ci.example.org/hook?token=canary-of-a-hook',
    events: ['push', 'pull_request'],
    active: true,
    createdAt,
  })
  made.environments.push({
    id: world.nextId(),
    name: 'production',
    reviewers: [erika],
    waitMinutes: 30,
    variables: [{ name: 'REGION', value: 'eu-central', createdAt }],
    secrets: [{ name: 'DEPLOY_KEY', value: 'canary-of-a-secret', createdAt }],
    createdAt,
  })
  made.variables.push({ name: 'CURRENCY', value: 'EUR', createdAt })
  made.secrets.push({ name: 'BANK_TOKEN', value: 'canary-of-a-secret', createdAt })
  made.autolinks.push({ id: world.nextId(), prefix: 'ABC-', template: 'https://tickets.example.org/<num>' })
  made.deployKeys.push({ id: world.nextId(), title: 'ci', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1', readOnly: true, createdAt })
  made.collaborators.set(gisela, 'push')
  made.collaborators.set(ken, 'maintain')
  made.properties.set('tier', 'gold')
  const tip = made.git.tip('refs/heads/main')
  made.commitComments.add({
    id: world.nextId(),
    commitId: tip,
    author: ken,
    body: 'Schöner Anfang, siehe #1',
    path: 'README.md',
    line: 1,
    reactions: [],
    createdAt,
    updatedAt: createdAt,
  })
}
