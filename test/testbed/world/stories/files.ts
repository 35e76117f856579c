import type { Stage } from '../stories.ts'
import type { FileWire } from '../wire.ts'

/** Messages that carry files, one kind at a time, and too many at once. */
export function tellFiles({ world, people: { ada, erika, external }, rooms: { general, dm, shared, plans, eight }, files }: Stage): void {
  const share = (channel: string, user: string, words: string, carried: FileWire[]) =>
    world.postMessage(channel, { user, text: words, files: carried, upload: false })

  share(general.id, erika, 'the team', [files.picture])
  share(general.id, erika, '', [files.japanese])
  share(general.id, erika, 'names', [...files.hostile])
  share(general.id, erika, 'nothing in it', [files.empty])
  share(general.id, erika, 'a page that is a file', [files.html])
  share(general.id, erika, 'the script', [files.snippet])
  share(general.id, erika, 'the post', [files.post])
  share(general.id, erika, 'the canvas', [files.canvas])
  share(general.id, erika, 'elsewhere', [files.external])
  share(general.id, erika, 'gone', [files.tombstone])
  share(general.id, erika, 'behind the paywall', [files.hidden])
  share(general.id, erika, 'holiday', [...files.bulk])
  const again = share(dm.id, ada, 'the picture again', [files.picture])
  share(plans.id, ada, 'same name', [files.picture, files.japanese])
  share(shared.id, external, 'from our side', [{ ...files.checkAccess, file_access: 'check_file_info' }])
  world.replyLate(dm.id, again.ts, { user: erika, text: 'in a thread', files: [files.empty] })
  world.postMessage(eight.id, { user: ada, subtype: 'file_comment', text: `<@${ada}> commented on a file: nice` })
}
