/** What a file in git stands for whose bytes are kept elsewhere: their sha256 in lower-case hex, their size in bytes. */
export interface LfsPointer {
  readonly oid: string
  readonly size: number
}

/** Files beyond these sizes are never pointers. */
export const POINTER_BYTES = { least: 100, most: 1024 } as const

/** Versions before the first that was published are still read by git-lfs. */
const VERSIONS = new Set(['https://git-lfs.github.com/spec/v1', 'https://hawser.github.com/spec/v1', 'http://git-media.io/v/2'])

/**
 * The pointer that a file is, or undefined if it is none. Exactly what git-lfs would take for one: version, extensions, oid and size, in this
 * order and nothing else; white space around it and empty lines are passed over, lines may end in CRLF.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md and lfs/pointer.go of 3.x, read 2026-11-25
 */
export function lfsPointerOf(file: Uint8Array): LfsPointer | undefined {
  if (file.byteLength < POINTER_BYTES.least || file.byteLength > POINTER_BYTES.most) return undefined
  const lines = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
    .toString('latin1')
    .trim()
    .split(/\r?\n/)
    .filter((line) => line !== '')
  const [version = '', ...rest] = lines
  if (!version.startsWith('version ') || !VERSIONS.has(version.slice(8))) return undefined
  const [size = '', oid = '', ...extensions] = rest.toReversed()
  const [, hex] = /^oid sha256:([0-9a-f]{64})$/.exec(oid) ?? []
  const [, digits] = /^size \+?(\d{1,19})$/.exec(size) ?? []
  const bytes = Number(digits)
  if (hex === undefined || !Number.isSafeInteger(bytes) || !areExtensions(extensions.toReversed())) return undefined
  return { oid: hex, size: bytes }
}

function areExtensions(lines: readonly string[]): boolean {
  const priorities = lines.map((line) => /^ext-(\d)-\w+ sha256:[0-9a-f]{64}$/.exec(line)?.[1])
  return priorities.every((priority, at) => priority !== undefined && priorities.indexOf(priority) === at)
}
