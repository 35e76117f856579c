/** Knobs of an import run; the defaults are the server's on a machine with two cores. */
export interface ImportLimits {
  /** Longest line in bytes. */
  readonly lineBytes: number
  /** Posts stored together by one worker. */
  readonly batchLines: number
  readonly workers: number
}
export const DEFAULT_LIMITS: ImportLimits = { lineBytes: 16 * 1024 * 1024, batchLines: 1000, workers: 2 }
