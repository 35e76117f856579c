import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../../src/queue/journal.ts'
import { graphStoreContract } from './graph-store.suite.ts'

graphStoreContract({
  name: 'SQLite journal',
  async start(clock) {
    const folder = await mkdtemp(join(tmpdir(), 'fallreep-journal-'))
    const path = join(folder, 'journal.db')
    const store = openJournal(path, clock)
    return {
      store,
      reopen: () => Promise.resolve(openJournal(path, clock)),
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]()
        await rm(folder, { recursive: true })
      },
    }
  },
})
