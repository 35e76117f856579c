/**
 * Exchange writes a mail anew at each reading, and so does its emulator: other boundaries, another header. A mail that was read once more
 * after an interruption is the same mail. Any other difference in any byte stays one.
 */
export function steady(bytes: Buffer): Buffer {
  const [, reading] = /^X-MS-Exchange-Reading: (\d+)\r$/m.exec(bytes.toString('latin1')) ?? []
  if (reading === undefined) return bytes
  const boundary = `_000_${Number(reading).toString(16).padStart(8, '0')}_`
  const text = bytes
    .toString('latin1')
    .replace(`X-MS-Exchange-Reading: ${reading}`, 'X-MS-Exchange-Reading: some')
    .replaceAll(boundary, '_000_some_')
  return Buffer.from(text, 'latin1')
}
