import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commitObject, tagObject, treeObjects, type GitObject, type Signature } from './objects.ts'

export interface NewCommit {
  /** Changes against the first parent: null removes. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>
  readonly parents?: readonly string[]
  readonly author: Signature
  readonly committer?: Signature
  readonly message: string
}

/** A bare repository that is written to disk when git comes to read it. Names of objects are known at once. */
export class GitRepository {
  readonly refs = new Map<string, string>()
  /** Lies there already, and is only served. */
  readonly place: string | undefined
  head = 'refs/heads/main'
  readonly #trees = new Map<string, ReadonlyMap<string, Uint8Array>>()
  readonly #parents = new Map<string, readonly string[]>()
  readonly #unwritten = new Map<string, GitObject>()
  readonly #known = new Set<string>()
  #refsWritten = ''

  constructor(place?: string) {
    this.place = place
  }
  /** A bare repository that somebody else made: a real history. */
  static at(dir: string): GitRepository {
    const found = new GitRepository(dir)
    const ask = (...args: string[]): string[] =>
      execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' })
        .trim()
        .split('\n')
    for (const line of ask('for-each-ref', '--format=%(objectname) %(refname)')) {
      const [sha = '', ref] = line.split(' ')
      if (ref !== undefined) found.refs.set(ref, sha)
    }
    found.head = ask('symbolic-ref', 'HEAD')[0] ?? found.head
    return found
  }
  /** Makes a commit; no ref moves. */
  commit({ files = {}, parents = [], author, committer, message }: NewCommit): string {
    const tree = new Map(this.#trees.get(parents[0] ?? ''))
    for (const [path, content] of Object.entries(files))
      if (content === null) tree.delete(path)
      else tree.set(path, typeof content === 'string' ? Buffer.from(content) : content)
    const made = commitObject({
      tree: treeObjects(tree, (object) => this.#keep(object)),
      parents,
      author,
      ...(committer === undefined ? {} : { committer }),
      message,
    })
    this.#keep(made)
    this.#trees.set(made.sha, tree)
    this.#parents.set(made.sha, parents)
    return made.sha
  }
  /** Puts a commit on top of a branch, which is made when it is not there. */
  commitTo(branch: string, commit: Omit<NewCommit, 'parents'> & { readonly also?: readonly string[] }): string {
    const ref = `refs/heads/${branch}`
    const tip = this.refs.get(ref)
    const sha = this.commit({ ...commit, parents: [...(tip === undefined ? [] : [tip]), ...(commit.also ?? [])] })
    this.refs.set(ref, sha)
    return sha
  }
  /** A tag with a text of its own. */
  tag(name: string, target: string, tagger: Signature, message: string): string {
    const made = tagObject(target, name, tagger, message)
    this.#keep(made)
    this.refs.set(`refs/tags/${name}`, made.sha)
    return made.sha
  }
  /** @throws unless the ref is there */
  tip(ref: string): string {
    const sha = this.refs.get(ref)
    if (sha === undefined) throw new Error(`no ref ${ref}`)
    return sha
  }
  /** Commits that `tip` has and `base` has not, oldest first. */
  commits(base: string, tip: string): readonly string[] {
    const there = this.#ancestors(base)
    return [...this.#ancestors(tip)].filter((sha) => !there.has(sha)).toReversed()
  }
  files(commit: string): ReadonlyMap<string, Uint8Array> {
    return this.#trees.get(commit) ?? new Map<string, Uint8Array>()
  }
  get isEmpty(): boolean {
    return this.refs.size === 0
  }
  /** Takes over everything another repository has: what a fork is. Refs of pull requests stay behind. */
  static forkOf(origin: GitRepository): GitRepository {
    const fork = new GitRepository()
    fork.take(origin)
    fork.head = origin.head
    for (const [ref, sha] of origin.refs) if (!ref.startsWith('refs/pull/')) fork.refs.set(ref, sha)
    return fork
  }
  /** Takes over the objects of another repository. */
  take(other: GitRepository): void {
    for (const [sha, tree] of other.#trees) this.#trees.set(sha, tree)
    for (const [sha, parents] of other.#parents) this.#parents.set(sha, parents)
    for (const object of other.#all.values()) this.#keep(object)
  }
  /** Another directory is next: everything is to be written again. */
  forgetDisk(): void {
    this.#refsWritten = ''
    for (const object of this.#all.values()) this.#unwritten.set(object.sha, object)
  }
  /** Writes what is not yet on disk into a bare repository at `dir`. */
  write(dir: string): void {
    if (this.#refsWritten === '') {
      for (const folder of ['objects', 'refs/heads', 'refs/tags', 'info']) mkdirSync(join(dir, folder), { recursive: true })
      writeFileSync(join(dir, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n[http]\n\treceivepack = false\n')
    }
    for (const { sha, loose } of this.#unwritten.values()) {
      const path = join(dir, 'objects', sha.slice(0, 2), sha.slice(2))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, loose)
    }
    this.#unwritten.clear()
    const refs = [...this.refs].map(([ref, sha]) => `${sha} ${ref}\n`).toSorted((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1))
    const packed = `# pack-refs with: sorted \n${refs.join('')}`
    if (packed === this.#refsWritten) return
    writeFileSync(join(dir, 'HEAD'), `ref: ${this.head}\n`)
    writeFileSync(join(dir, 'packed-refs'), packed)
    this.#refsWritten = packed
  }

  readonly #all = new Map<string, GitObject>()
  #keep(object: GitObject): void {
    if (this.#known.has(object.sha)) return
    this.#known.add(object.sha)
    this.#all.set(object.sha, object)
    this.#unwritten.set(object.sha, object)
  }
  #ancestors(tip: string): ReadonlySet<string> {
    const found = new Set<string>()
    const open = [tip]
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      if (found.has(sha)) continue
      found.add(sha)
      open.push(...(this.#parents.get(sha) ?? []))
    }
    return found
  }
}
