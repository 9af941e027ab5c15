/** CSV files for spreadsheets: the errors of a roster, and the template to fill in. */

/** Cells that a spreadsheet would run as a formula are made plain text; quotes are doubled. */
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless
}

/** UTF-8 with a byte order mark, without which Excel reads Chinese as noise. */
export function csvText(rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

export function download(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Headings the server recognises, with one example row. */
export const TEMPLATE: readonly (readonly string[])[] = [
  ['姓名', '证件类型', '证件号码', '高考省份'],
  ['王小艺', '身份证', '11010519491231002X', '北京'],
]
