import { comment, createIssue } from './issues.ts'
import { createPull, review, reviewComment } from './pulls.ts'
import type { GithubWorld } from './world.ts'

export function sampleOrganisation(world: GithubWorld): GithubWorld {
  const ada = world.addPerson('ada', { name: 'Ada Weiß', email: 'ada@example.org' })
  const acme = world.addOrganisation('fallreep-demo', 'Fallreep Demo GmbH')
  acme.members.set(ada, 'admin')
  const site = world.addRepository(acme, 'website', { description: 'The website', hasWiki: true })
  site.push('main', ada, 'Start', { 'README.md': '# Website\n', 'src/index.ts': 'export {}\n' })
  site.wiki?.commitTo('master', { files: { 'Home.md': 'Home' }, author: site.signature(ada), message: 'Home' })
  if (site.wiki) site.wiki.head = 'refs/heads/master'
  const one = createIssue(site, { title: 'First', body: 'See #2', author: ada, labels: ['bug'] })
  comment(site, one.number, ada, 'Yes')
  site.git.refs.set('refs/heads/feature', site.git.tip('refs/heads/main'))
  site.push('feature', ada, 'Work', { 'src/index.ts': 'export const a = 1\n' })
  const pull = createPull(site, { title: 'A', body: 'Fixes #1', author: ada, head: 'feature' })
  const looked = review(site, pull.number, ada, 'COMMENTED', 'hm')
  reviewComment(site, looked, ada, 'why', { path: 'src/index.ts', line: 1 })
  return world
}
