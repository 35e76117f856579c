import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]
/** Results go to `out`, everything else to `err`. */
export interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly outIsTty: boolean
  readonly errIsTty: boolean
  readonly inIsTty: boolean
  /** Columns of the error terminal. */
  readonly columns: () => number
  /** Colours text for the error stream; meaning never hangs on it. */
  readonly paint: (style: Style, text: string) => string
}
export type ColorChoice = 'auto' | 'always' | 'never'

/** `auto` lets NO_COLOR, FORCE_COLOR, TERM=dumb and the terminal decide. */
export function processStreams(color: ColorChoice): Streams {
  const { stdout, stderr, stdin } = process
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    outIsTty: stdout.isTTY,
    errIsTty: stderr.isTTY && process.env['TERM'] !== 'dumb',
    inIsTty: stdin.isTTY,
    columns: () => stderr.columns || 80,
    paint: (style, text) => {
      if (color === 'never') return text
      return color === 'always' ? styleText(style, text, { validateStream: false }) : styleText(style, text, { stream: stderr })
    },
  }
}
