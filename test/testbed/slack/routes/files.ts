import type { FilesInfoResponse, FilesListResponse, SlackListsItemsListResponse } from '@slack/web-api'
import type { WorldFile } from '../../world/model.ts'
import type { Open } from '../../world/wire.ts'
import type { Call, Method } from '../call.ts'
import { Refusal } from '../errors.ts'
import { renderFile } from '../render.ts'
import { sees } from '../sight.ts'

/** One's own, and those shared where one can look. */
export function seesFile(call: Pick<Call, 'world' | 'grant'>, file: WorldFile): boolean {
  if (file.wire.user === call.grant.user || file.shares.length === 0) return true
  return file.shares.some(({ channel }) => {
    const shared = call.world.channels.get(channel)
    return shared !== undefined && sees(call, shared)
  })
}

/** Counts pages from 1, unlike everything newer. Deleted files are not in it. */
export const list: Method = {
  tier: 3,
  scopes: ['files:read'],
  answer(call): Open<FilesListResponse> {
    const channel = call.args.text('channel')
    const all = [...call.world.files.values()]
      .filter((file) => !file.deleted && file.wire.mode !== 'tombstone' && seesFile(call, file))
      .filter(({ wire }) => wire.mode !== 'hidden_by_limit' || call.args.flag('show_files_hidden_by_limit'))
      .filter(({ shares }) => channel === undefined || shares.some((share) => share.channel === channel))
      .toReversed()
    const count = positive(call.args.text('count'), 100, 1000)
    const page = positive(call.args.text('page'), 1, 100)
    // Slack's types of one file differ between its answers in details that no file here has.
    const shown: unknown = all.slice((page - 1) * count, page * count).map((file) => renderFile(call, file))
    return {
      ok: true,
      files: shown as NonNullable<FilesListResponse['files']>,
      paging: { count, total: all.length, page, pages: Math.max(1, Math.ceil(all.length / count)) },
    }
  },
}

function positive(text: string | undefined, usual: number, most: number): number {
  const value = text === undefined ? usual : Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Refusal('invalid_arguments')
  return Math.min(value, most)
}

export const info: Method = {
  tier: 4,
  scopes: ['files:read'],
  answer(call): Open<FilesInfoResponse> {
    const file = call.world.files.get(call.args.required('file'))
    if (file === undefined || !seesFile(call, file)) throw new Refusal('file_not_found')
    if (file.deleted || file.wire.mode === 'tombstone') throw new Refusal('file_deleted')
    // Slack publishes one file type per answer, inferred from samples; they differ in corners nobody fills here.
    return { ok: true, file: renderFile(call, file) as NonNullable<Open<FilesInfoResponse>['file']>, comments: [] }
  },
}

export const listItems: Method = {
  tier: 2,
  scopes: ['lists:read'],
  answer(call): Open<SlackListsItemsListResponse> {
    const found = call.world.lists.get(call.args.required('list_id'))
    const file = call.world.files.get(found?.id ?? '')
    if (found === undefined || file === undefined || !seesFile(call, file)) throw new Refusal('list_not_found')
    const page = call.pager.page(found.items, call.args.text('cursor'), call.args.limit(), { usual: 100, most: 1000, gaps: false })
    return { ok: true, items: [...page.items], response_metadata: { next_cursor: page.next } }
  },
}
