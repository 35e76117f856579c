import { de } from './messages.de.ts'
import { en, type Messages } from './messages.en.ts'

export type Lang = 'en' | 'de'
/** Words and number formats of one language. */
export interface Locale {
  readonly lang: Lang
  readonly say: Messages
  readonly count: (value: number) => string
  readonly percent: (part: number, of: number) => string
  readonly bytes: (value: number) => string
  readonly duration: (seconds: number) => string
  /** Date and minute of an ISO time, UTC. */
  readonly time: (iso: string) => string
}

export function localeOf(lang: Lang): Locale {
  const tag = lang === 'de' ? 'de-DE' : 'en-GB'
  const whole = new Intl.NumberFormat(tag)
  const tenth = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 })
  const exact = new Intl.NumberFormat(tag, { style: 'percent', minimumFractionDigits: 2 })
  const clock = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(tag, {
      style: 'unit',
      unit: name,
      unitDisplay: lang === 'de' ? 'short' : 'narrow',
      maximumFractionDigits: value < 10 && name === 'second' ? 1 : 0,
    }).format(value)
  return {
    lang,
    say: lang === 'de' ? de : en,
    count: (value) => whole.format(value),
    // 99.999 % must not read as 100 %.
    percent: (part, of) => exact.format(of === 0 ? 1 : Math.floor((part / of) * 10_000) / 10_000),
    bytes: (value) => {
      const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
      const power = value < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10))
      return `${tenth.format(value / 1024 ** power)} ${units[power]}`
    },
    duration: (seconds) => {
      if (seconds < 60) return unit(seconds, 'second')
      const minutes = Math.floor(seconds / 60)
      if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(Math.floor(seconds % 60), 'second')}`
      const hours = Math.floor(minutes / 60)
      if (hours < 48) return `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`
      return `${unit(Math.floor(hours / 24), 'day')} ${unit(hours % 24, 'hour')}`
    },
    time: (iso) => `${clock.format(new Date(iso))} UTC`,
  }
}
