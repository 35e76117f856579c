import { readFile } from 'node:fs/promises'

/** The values of a file with one JSON value a line. */
export async function linesIn<T>(path: string): Promise<readonly T[]> {
  return valuesOf<T>(await readFile(path, 'utf8'))
}
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who calls knows what was written
export const valuesOf = <T>(text: string): readonly T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
