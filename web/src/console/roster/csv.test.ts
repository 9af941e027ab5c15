import { describe, expect, it } from 'vitest'
import { csvText } from './csv'

describe('a file of roster errors', () => {
  it('opens in a spreadsheet with its Chinese intact', () => {
    expect(csvText([['行', '姓名'], [3, '王小艺']])).toBe('\uFEFF行,姓名\r\n3,王小艺\r\n')
  })

  it('keeps commas and quotes inside their cell', () => {
    expect(csvText([['a,b', 'say "x"']])).toContain('"a,b","say ""x"""')
  })

  it('never lets a cell of a stranger run as a formula', () => {
    expect(csvText([['=HYPERLINK("x")']])).toContain(`"'=HYPERLINK(""x"")"`)
  })
})
