import { parentPort } from 'node:worker_threads'
import { LocalDriver } from '../local.ts'
import { type Checked, checkHash, checkPack } from './check-object.ts'

/** `identity` undefined: hash only. */
export interface CheckJob {
  readonly id: number
  readonly directory: string
  readonly name: string
  readonly sha256: string
  readonly identity: string | undefined
}
export interface CheckDone {
  readonly id: number
  readonly checked: Checked
}

const { signal } = new AbortController()
parentPort?.on('message', ({ id, directory, name, sha256, identity }: CheckJob) => {
  const driver = new LocalDriver(directory, () => new Date())
  const work = identity === undefined ? checkHash(driver, name, sha256, signal) : checkPack(driver, name, sha256, identity, signal)
  void work.then((checked) => {
    const done: CheckDone = { id, checked }
    parentPort?.postMessage(done)
  })
})
