import { markup, type Html, type Value } from './html.ts'

export interface Column<Row> {
  readonly head: string
  cell(row: Row): Value
  /** Right-aligned figures. */
  readonly figures?: boolean
  /** A chart: gets the room that is left. */
  readonly bars?: boolean
}

/** A table that becomes a list of cards on a narrow screen: every cell carries the name of its column. */
export function tableOf<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[], last?: Row): Html {
  const cells = (row: Row): readonly Html[] =>
    columns.map((column, index) => {
      const attributes = markup`data-label="${column.head}"${classOf(column)}`
      return index === 0
        ? markup`<th scope="row" ${attributes}>${column.cell(row)}</th>`
        : markup`<td ${attributes}>${column.cell(row)}</td>`
    })
  const line = (row: Row): Html => markup`<tr>${cells(row)}</tr>\n`
  return markup`<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col"${classOf(column)}>${column.head}</th>`)}</tr></thead>
<tbody>${rows.map(line)}</tbody>
${last === undefined ? undefined : markup`<tfoot>${line(last)}</tfoot>`}</table>`
}

function classOf<Row>({ figures, bars }: Column<Row>): Html | undefined {
  if (figures === true) return markup` class="figures"`
  return bars === true ? markup` class="bars"` : undefined
}
