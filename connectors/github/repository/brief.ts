import { hash } from 'node:crypto'

/** 24 bits over a text: enough to see that something is not what it was. */
export const brief = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 6), 16)
