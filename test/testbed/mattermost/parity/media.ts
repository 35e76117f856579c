import { base, bring, post, type Scenario, T, VERSION } from './lines.ts'
import { channelId } from './look.ts'

/** A picture of one pixel. */
export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** Pictures and files that an import puts in the place of others. */
export const mediaScenarios: readonly Scenario[] = [
  {
    name: 'custom emoji are created and replaced, and what is no picture is taken too',
    play: async (call, p, pause) => {
      const name = `${p}party`
      const seen: unknown[] = []
      for (const bytes of [PNG, 'no picture', PNG]) {
        seen.push(await bring(call, pause, [VERSION, { type: 'emoji', emoji: { name, image: 'e/p.png' } }], { 'e/p.png': bytes }))
        const { id } = (await call('GET', `/emoji/name/${name}`)).body as { id: string }
        seen.push((await call('GET', `/emoji/${id}/image`)).status)
      }
      return seen
    },
  },
  {
    name: 'after files were replaced metadata is stale until the caches are invalidated, file_ids never is',
    play: async (call, p, pause) => {
      const both = [{ path: 'a.txt' }, { path: 'b.txt' }]
      await bring(call, pause, [...base(p), post(p, `${p}erika`, 'x', T, { attachments: both })], { 'a.txt': 'A', 'b.txt': 'B' })
      await bring(call, pause, [VERSION, post(p, `${p}erika`, 'x', T, { attachments: [{ path: 'a.txt' }] })], { 'a.txt': 'A' })
      const id = await channelId(call, p, 'general')
      const counts = async (): Promise<unknown> => {
        const { posts } = (await call('GET', `/channels/${id}/posts`)).body as {
          posts: Record<string, { file_ids: string[]; metadata: { files: unknown[] } }>
        }
        return Object.values(posts).map((each) => [each.file_ids.length, each.metadata.files.length])
      }
      return [await counts(), (await call('POST', '/caches/invalidate')).status, await counts()]
    },
  },
]
