import { gitObject, treeObjects } from '../git/objects.ts'
import type { Repository } from '../repository.ts'
import type { Site } from '../site.ts'
import { notFound } from './call.ts'
import { repositoryUrl } from './render-repository.ts'

/** What stands in a folder of a commit, or one file with its bytes. @throws Refusal 404 */
export function contents(site: Site, repository: Repository, path: string, ref: string | null): object | readonly object[] {
  const { git } = repository
  const name = ref ?? git.head
  const commit = git.refs.get(name) ?? git.refs.get(`refs/heads/${name}`) ?? git.refs.get(`refs/tags/${name}`) ?? name
  const files = git.files(commit)
  const bytes = files.get(path)
  if (bytes !== undefined)
    return {
      ...entry(path, 'file', gitObject('blob', bytes).sha, bytes.byteLength),
      encoding: 'base64',
      content: Buffer.from(bytes).toString('base64'),
    }
  const below = path === '' ? '' : `${path}/`
  const inside = new Map<string, Map<string, Uint8Array>>()
  const found: object[] = []
  for (const [file, content] of files) {
    if (!file.startsWith(below)) continue
    const [first = '', ...rest] = file.slice(below.length).split('/')
    if (rest.length === 0) found.push(entry(file, 'file', gitObject('blob', content).sha, content.byteLength))
    else inside.set(first, (inside.get(first) ?? new Map<string, Uint8Array>()).set(rest.join('/'), content))
  }
  for (const [folder, held] of inside)
    found.push(
      entry(
        `${below}${folder}`,
        'dir',
        treeObjects(held, () => undefined),
        0,
      ),
    )
  if (found.length === 0) throw notFound()
  return found

  function entry(at: string, type: 'file' | 'dir', sha: string, size: number) {
    const branch = name.replace('refs/heads/', '')
    const url = `${repositoryUrl(site, repository)}/contents/${at}?ref=${branch}`
    const gitUrl = `${repositoryUrl(site, repository)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`
    const html = `${site.host}/${repository.fullName}/${type === 'dir' ? 'tree' : 'blob'}/${branch}/${at}`
    return {
      name: at.split('/').at(-1) ?? at,
      path: at,
      sha,
      size,
      url,
      html_url: html,
      git_url: gitUrl,
      download_url: type === 'dir' ? null : `${site.host}/${repository.fullName}/raw/${branch}/${at}`,
      type,
      _links: { self: url, git: gitUrl, html },
    }
  }
}
