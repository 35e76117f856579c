import { z } from 'zod'
import { Fault } from '../../../src/fault.ts'
import type { Google } from '../google.ts'

const Photo = z.object({ photoData: z.string().min(1) })

/** A person's picture. Google writes it in base64 of a kind of its own. @throws Fault `gone` if there is none any more */
export async function avatar(google: Google, person: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const { users } = await google.directory()
  const what = 'Google refused a picture'
  const photo = Photo.safeParse(await google.call(what, (options) => users.photos.get({ userKey: person }, options), signal))
  if (!photo.success) throw new Fault({ code: 'gone', what, why: 'there is none any more', remedy: 'Nothing to do' })
  // https://developers.google.com/workspace/admin/directory/reference/rest/v1/users.photos (read 2026-11-25): `_`, `-`, `*` for `/`, `+`, `=`
  const base64 = photo.data.photoData.replaceAll(/[*.]/g, '=').replaceAll('_', '/').replaceAll('-', '+')
  return new Blob([Buffer.from(base64, 'base64')]).stream()
}
