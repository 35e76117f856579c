/** What is known of an entry when all of it has been written. Bytes; `at`: where its local header begins. */
export interface WrittenEntry {
  readonly name: Buffer
  readonly deflated: boolean
  /** Sizes and checksum stand behind the content, because nobody knew them before. */
  readonly described: boolean
  readonly crc32: number
  readonly packed: number
  readonly bytes: number
  readonly at: number
}

const SIGNATURE = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
}
/** 1980-01-01, the first moment a zip can tell: every entry carries it, so that equal content gives equal bytes. */
const FIXED_DATE = 0x0021
const DESCRIBED = 0x0008
const UTF8_NAME = 0x0800
/** What a 32-bit or 16-bit field says when the truth is too large for it and stands in a field of 64 bits. */
const MAX32 = 0xffff_ffff
const MAX16 = 0xffff
const VERSION = { stored: 10, streamed: 20, zip64: 45 }
/** Written on Unix; a plain file that its owner may write and everybody read. */
const MADE_BY = 0x032d
const ATTRIBUTES = 0o100644 * 0x10000 + 0x20
const isLarge = (entry: WrittenEntry): boolean => entry.bytes >= MAX32 || entry.packed >= MAX32

/** The 26 bytes that local and central header have in common (APPNOTE 6.3.10, 4.3.7 and 4.3.12), from "version needed" on. */
function shared(entry: WrittenEntry, version: number, sizes: readonly [packed: number, bytes: number], extra: number): Buffer {
  const record = Buffer.alloc(26)
  const { name, deflated, described, crc32 } = entry
  record.writeUInt16LE(version, 0)
  record.writeUInt16LE((described ? DESCRIBED : 0) | (name.some((byte) => byte > 127) ? UTF8_NAME : 0), 2)
  record.writeUInt16LE(deflated ? 8 : 0, 4)
  record.writeUInt16LE(FIXED_DATE, 8)
  record.writeUInt32LE(crc32, 10)
  record.writeUInt32LE(sizes[0], 14)
  record.writeUInt32LE(sizes[1], 18)
  record.writeUInt16LE(name.byteLength, 22)
  record.writeUInt16LE(extra, 24)
  return record
}
const versionOf = ({ described }: WrittenEntry): number => (described ? VERSION.streamed : VERSION.stored)

/** What stands before the content. Of an entry that is described afterwards, sizes and checksum are still nothing. */
export function localHeader(entry: WrittenEntry): Buffer {
  const { described, packed, bytes } = entry
  const told = described ? { ...entry, crc32: 0 } : entry
  return Buffer.concat([word(SIGNATURE.local), shared(told, versionOf(entry), described ? [0, 0] : [packed, bytes], 0), entry.name])
}

/** What stands behind content whose size nobody knew. */
export function descriptor(entry: WrittenEntry): Buffer {
  const large = isLarge(entry)
  const record = Buffer.alloc(large ? 24 : 16)
  record.writeUInt32LE(SIGNATURE.descriptor, 0)
  record.writeUInt32LE(entry.crc32, 4)
  if (large) {
    record.writeBigUInt64LE(BigInt(entry.packed), 8)
    record.writeBigUInt64LE(BigInt(entry.bytes), 16)
  } else {
    record.writeUInt32LE(entry.packed, 8)
    record.writeUInt32LE(entry.bytes, 12)
  }
  return record
}

/** The entry's line in the directory, in memory of its own: a piece of the shared pool would hold its whole slab until the end. */
export function centralHeader(entry: WrittenEntry): Buffer {
  const large = isLarge(entry) || entry.at >= MAX32
  const extra = large ? extra64(entry) : Buffer.alloc(0)
  const sizes = large ? ([MAX32, MAX32] as const) : ([entry.packed, entry.bytes] as const)
  const record = Buffer.alloc(46 + entry.name.byteLength + extra.byteLength)
  record.writeUInt32LE(SIGNATURE.central, 0)
  record.writeUInt16LE(MADE_BY, 4)
  record.set(shared(entry, large ? VERSION.zip64 : versionOf(entry), sizes, extra.byteLength), 6)
  record.writeUInt32LE(ATTRIBUTES, 38)
  record.writeUInt32LE(large ? MAX32 : entry.at, 42)
  record.set(entry.name, 46)
  record.set(extra, 46 + entry.name.byteLength)
  return record
}

function extra64({ packed, bytes, at }: WrittenEntry): Buffer {
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  for (const [place, value] of [bytes, packed, at].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * place)
  return extra
}

/** The end of the archive; `start` and `size` of the directory before it. */
export function endRecords(entries: number, start: number, size: number): Buffer {
  const large = entries >= MAX16 || start >= MAX32 || size >= MAX32
  const end = Buffer.alloc(22)
  end.writeUInt32LE(SIGNATURE.end, 0)
  end.writeUInt16LE(large ? MAX16 : entries, 8)
  end.writeUInt16LE(large ? MAX16 : entries, 10)
  end.writeUInt32LE(large ? MAX32 : size, 12)
  end.writeUInt32LE(large ? MAX32 : start, 16)
  return large ? Buffer.concat([end64(entries, start, size), end]) : end
}

function end64(entries: number, start: number, size: number): Buffer {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(SIGNATURE.end64, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(VERSION.zip64, 12)
  record.writeUInt16LE(VERSION.zip64, 14)
  for (const [place, value] of [entries, entries, size, start].entries()) record.writeBigUInt64LE(BigInt(value), 24 + 8 * place)
  record.writeUInt32LE(SIGNATURE.locator64, 56)
  record.writeBigUInt64LE(BigInt(start + size), 64)
  record.writeUInt32LE(1, 72)
  return record
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
