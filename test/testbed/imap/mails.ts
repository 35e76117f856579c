import { createHash } from 'node:crypto'

/** One made-up mail of the benchmark. `folder`: 0 to 29; `seen`, `flagged`: its flags; `at`: when it came. */
export interface MadeMail {
  readonly id: string
  readonly folder: number
  readonly seen: boolean
  readonly flagged: boolean
  readonly at: Date
  readonly bytes: Buffer
}
export const FOLDERS = 30
const WORDS =
  'the contract invoice meeting about project budget until Monday please find attached thanks regards draft version signed customer order delivery office question answer schedule server network update report quarter number street city phone agreed changed open closed next week last month'.split(
    ' ',
  )
/** Reproducible numbers: SHAKE-256 of a name. */
const noise = (name: string, bytes: number): Buffer => createHash('shake256', { outputLength: bytes }).update(name).digest()

/** The same mail for the same number, always: sizes log-normal around 6 KB, none below 1 or above 200. Newest first by number. */
export function madeMail(at: number, seed = 'mail'): MadeMail {
  const dice = noise(`${seed} ${at}`, 64)
  const uniform = (offset: number): number => (dice.readUInt32LE(offset) + 0.5) / 2 ** 32
  const normal = Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(4))
  const size = Math.min(200_000, Math.max(1000, Math.round(6000 * Math.exp(normal))))
  const id = `${seed}-${at}`
  const date = new Date(Date.parse('2026-11-01T00:00:00Z') - at * 1_800_000)
  const head =
    `Return-Path: <person${dice[8] ?? 0}@example.org>\r\nReceived: from mx.example.org (mx.example.org [192.0.2.${dice[9] ?? 0}])\r\n\tby mail.example.test with ESMTPS id ${dice.toString('hex', 10, 18)};\r\n\t${date.toUTCString()}\r\n` +
    `Message-ID: <${id}.${dice.toString('hex', 18, 26)}@example.org>\r\nFrom: person${dice[8] ?? 0} <person${dice[8] ?? 0}@example.org>\r\nTo: ada@example.test\r\nSubject: ${words(dice, 8)}\r\nDate: ${date.toUTCString()}\r\nMIME-Version: 1.0\r\n`
  const body = size > 20_000 ? attached(id, size) : `Content-Type: text/plain; charset=utf-8\r\n\r\n${text(id, size - head.length)}`
  const folder = (dice[30] ?? 0) % FOLDERS
  return { id, folder, seen: (dice[31] ?? 0) % 4 !== 0, flagged: (dice[32] ?? 0) % 20 === 0, at: date, bytes: Buffer.from(head + body) }
}
const words = (dice: Buffer, count: number): string =>
  Array.from({ length: count }, (_, at) => WORDS[(dice[at + 20] ?? 0) % WORDS.length] ?? '').join(' ')

function text(id: string, size: number): string {
  const dice = noise(`text ${id}`, Math.max(16, size >> 2))
  let lines = ''
  for (let at = 0; lines.length < size && at < dice.length; at++)
    lines += `${WORDS[(dice[at] ?? 0) % WORDS.length] ?? ''}${at % 11 === 10 ? '\r\n' : ' '}`
  return `${lines.trimEnd()}\r\n`
}

function attached(id: string, size: number): string {
  const file = noise(`file ${id}`, Math.round(size * 0.7))
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n')
  return `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text(id, 1000)}\r\n--b\r\nContent-Type: application/octet-stream; name=file.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n--b--\r\n`
}
