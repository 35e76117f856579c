import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

export interface Signature {
  readonly name: string
  readonly email: string
  /** Seconds since 1970, UTC. */
  readonly at: number
}

/** Files of a tree by path; a value with `link` is a submodule or symbolic link, `mode` an executable. */
export type Files = ReadonlyMap<string, Uint8Array>

export interface GitObject {
  readonly sha: string
  /** As git keeps it: with its header, deflated. */
  readonly loose: Uint8Array
}

/** An object as git writes it, so that the same content always has the same name. */
export function gitObject(type: 'blob' | 'tree' | 'commit' | 'tag', content: Uint8Array): GitObject {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content])
  return { sha: createHash('sha1').update(whole).digest('hex'), loose: deflateSync(whole, { level: 1 }) }
}

const person = ({ name, email, at }: Signature): string => `${name} <${email}> ${at} +0000`

export interface CommitFields {
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer?: Signature
  readonly message: string
}

export const commitObject = ({ tree, parents, author, committer = author, message }: CommitFields): GitObject =>
  gitObject(
    'commit',
    Buffer.from(
      [
        `tree ${tree}`,
        ...parents.map((parent) => `parent ${parent}`),
        `author ${person(author)}`,
        `committer ${person(committer)}`,
        '',
        `${message}\n`,
      ].join('\n'),
    ),
  )

export const tagObject = (target: string, name: string, tagger: Signature, message: string): GitObject =>
  gitObject('tag', Buffer.from(`object ${target}\ntype commit\ntag ${name}\ntagger ${person(tagger)}\n\n${message}\n`))

/** The tree of some files and all trees below it; the outermost comes last. */
export function treeObjects(files: Files, keep: (object: GitObject) => void): string {
  const entries: { name: string; mode: string; sha: string }[] = []
  const below = new Map<string, Map<string, Uint8Array>>()
  for (const [path, bytes] of files) {
    const slash = path.indexOf('/')
    if (slash === -1) {
      const blob = gitObject('blob', bytes)
      keep(blob)
      entries.push({ name: path, mode: '100644', sha: blob.sha })
    } else {
      const folder = path.slice(0, slash)
      const inside = below.get(folder) ?? new Map<string, Uint8Array>()
      below.set(folder, inside.set(path.slice(slash + 1), bytes))
    }
  }
  for (const [name, inside] of below) entries.push({ name, mode: '40000', sha: treeObjects(inside, keep) })
  // Git sorts folders as if their names ended with a slash.
  const key = ({ name, mode }: { name: string; mode: string }): Buffer => Buffer.from(mode === '40000' ? `${name}/` : name)
  const tree = gitObject(
    'tree',
    Buffer.concat(
      entries
        .toSorted((a, b) => Buffer.compare(key(a), key(b)))
        .flatMap(({ name, mode, sha }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
    ),
  )
  keep(tree)
  return tree.sha
}
