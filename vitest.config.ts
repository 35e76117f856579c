import { defineConfig } from 'vitest/config'

/** `unit` and `contract` and `scenario` are `npm test`; `live` needs a real server and its token, `crash` and `peers` take longer or need Debian packages. */
const project = (name: string, include: string[], isolate = true) => ({ extends: true as const, test: { name, include, isolate } })

export default defineConfig({
  test: {
    // Vitest leaves one core free unless told; two is what this project is measured on.
    maxWorkers: 2,
    globalSetup: ['test/support/temporary.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      // Two hundred small files: to load everything anew for each of them would be a good part of the whole.
      project('unit', ['test/{src,connectors,targets,tools,testbed,bench}/**/*.test.ts'], false),
      project('contract', ['test/contract/**/*.contract.test.ts']),
      project('scenario', ['test/scenarios/**/*.test.ts']),
      project('live', ['test/live/**/*.live.ts']),
      project('peers', ['test/peers/**/*.peers.ts']),
    ],
  },
})
