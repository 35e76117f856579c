import type { PostOperation } from '../map/operations.ts'
import type { Pending, Thread } from './threads.ts'

/** The same threads with their files as the server can take them. */
export async function prepared(
  threads: readonly Thread[],
  prepare: (op: PostOperation) => Promise<PostOperation>,
): Promise<readonly Thread[]> {
  if (threads.every(({ root, replies }) => isBare(root) && replies.every(isBare))) return threads
  const one = async (post: Pending): Promise<Pending> => (isBare(post) ? post : { ...post, op: await prepare(post.op) })
  const all: Thread[] = []
  for (const { root, replies, standIn } of threads) {
    const ready: Pending[] = []
    for (const reply of replies) ready.push(await one(reply))
    all.push({ root: await one(root), replies: ready, standIn })
  }
  return all
}

const isBare = ({ op }: Pending): boolean => op.files.length === 0
