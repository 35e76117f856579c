import { createGzip } from 'node:zlib'
import { type TarEntry, writeTar } from '../../../src/bundle/tar.ts'

/** Fast: text shrinks to a fifth even so, and packs and pictures do not shrink at all. */
const LEVEL = 3

/** Writes a tar.gz as `writeTar` writes a tar; equal entries give equal bytes, for the gzip header has no time in it. */
export const writeArchive = (path: string, entries: AsyncIterable<TarEntry>, signal: AbortSignal): Promise<void> =>
  writeTar(path, entries, signal, createGzip({ level: LEVEL }))
