import { describe, expect, test } from 'vitest'
import { files } from '../../../../connectors/slack/map/file.ts'
import { decodeHandle } from '../../../../connectors/slack/map/handle.ts'
import { messageId } from '../../../../connectors/slack/map/item.ts'

const id = messageId('C1', '1700000000.000100')
const hosted = {
  id: 'F1',
  name: 'a.txt',
  title: 'A &amp; B',
  mimetype: 'text/plain',
  mode: 'hosted',
  size: 3,
  timestamp: 7,
  user: 'U1',
  url_private_download: 'https://files.slack.com/files-pri/T1-F1/download/a.txt',
}

describe('files', () => {
  test('maps a hosted file and names its bytes by id, time and size', () => {
    const { refs, blobs, losses } = files([hosted], id)
    expect(refs).toEqual([
      {
        nativeId: 'F1',
        name: 'a.txt',
        title: 'A & B',
        mediaType: 'text/plain',
        bytes: 3,
        form: 'upload',
        state: 'stored',
        blob: 0,
        url: null,
        owner: 'account/U1',
      },
    ])
    expect(blobs).toMatchObject([{ type: 'handle', key: 'file/F1/7-3', name: 'a.txt', bytes: 3 }])
    expect(losses).toEqual([])
  })

  test.each([
    [
      'snippet',
      { mode: 'snippet', mimetype: 'text/plain', edit_timestamp: 9 },
      { form: 'snippet', state: 'stored', name: 'a.txt' },
      'file/F1/9-3',
    ],
    [
      'post',
      { mode: 'space', name: 'How we work' },
      { form: 'post', state: 'stored', name: 'How we work.html', mediaType: 'text/html' },
      'file/F1/7-3',
    ],
    [
      'canvas',
      { mode: 'quip', updated: 11, name: 'C' },
      { form: 'canvas', state: 'stored', name: 'C.html', mediaType: 'text/html' },
      'file/F1/11-3',
    ],
    ['list', { mode: 'list', name: 'L' }, { form: 'list', state: 'stored', name: 'L.json', mediaType: 'application/json' }, 'file/F1/7-3'],
  ])('maps a %s', (_, more, ref, key) => {
    const { refs, blobs } = files([{ ...hosted, ...more }], id)
    expect(refs[0]).toMatchObject(ref)
    expect(blobs[0]?.key).toBe(key)
  })

  test('keeps the address of an external file and fetches nothing', () => {
    const { refs, blobs, losses } = files(
      [{ ...hosted, mode: 'external', is_external: true, external_url: 'https://docs.example.org/1' }],
      id,
    )
    expect(refs[0]).toMatchObject({ state: 'link', form: 'external', url: 'https://docs.example.org/1', blob: null })
    expect([...blobs, ...losses]).toEqual([])
  })

  test.each([['tombstone'], ['hidden_by_limit']])('says that a file is withheld: %s', (mode) => {
    const { refs, blobs, losses } = files([{ id: 'F1', mode }], id)
    expect(refs[0]).toMatchObject({ state: 'withheld', blob: null })
    expect(blobs).toEqual([])
    expect(losses).toMatchObject([{ item: id, code: 'withheld-by-source', effect: { type: 'degraded', field: 'files' } }])
  })

  test('says when a file has no address of its bytes', () => {
    const { refs, losses } = files([{ id: 'F1', file_access: 'check_file_info' }], id)
    expect(refs[0]).toMatchObject({ state: 'stored', blob: null })
    expect(losses).toHaveLength(1)
  })

  test('counts a file once, and positions after other blobs', () => {
    const { refs, blobs } = files([hosted, hosted, { ...hosted, id: 'F2' }], id, 3)
    expect(refs.map(({ blob }) => blob)).toEqual([3, 4])
    expect(blobs).toHaveLength(2)
  })

  test('keeps hostile names as they are: whoever writes files makes them safe', () => {
    expect(
      files(
        [
          { ...hosted, name: '../../etc/passwd' },
          { ...hosted, id: 'F2', name: '', title: '' },
        ],
        id,
      ).refs.map(({ name }) => name),
    ).toEqual(['../../etc/passwd', 'F2'])
  })

  test('asks for no known size where a page is expected', () => {
    const [blob] = files([{ ...hosted, mode: 'quip' }], id).blobs
    expect(blob?.type === 'handle' ? decodeHandle(blob.handle) : undefined).toMatchObject({
      type: 'url',
      html: true,
      bytes: null,
      auth: true,
    })
  })
})
