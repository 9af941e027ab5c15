// A roster as a school has it: an Excel file.
import { execFileSync } from 'node:child_process'

const PROGRAM = `
import sys, json, zipfile
rows, path = json.loads(sys.argv[1]), sys.argv[2]
cell = lambda text: '<c t="inlineStr"><is><t>' + text + '</t></is></c>'
sheet = ''.join('<row>' + ''.join(cell(t) for t in row) + '</row>' for row in rows)
ns = 'http://schemas.openxmlformats.org/'
parts = {
  '[Content_Types].xml': '<Types xmlns="' + ns + 'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  '_rels/.rels': '<Relationships xmlns="' + ns + 'package/2006/relationships"><Relationship Id="r1" Type="' + ns + 'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/workbook.xml': '<workbook xmlns="' + ns + 'spreadsheetml/2006/main" xmlns:r="' + ns + 'officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': '<Relationships xmlns="' + ns + 'package/2006/relationships"><Relationship Id="r1" Type="' + ns + 'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/worksheets/sheet1.xml': '<worksheet xmlns="' + ns + 'spreadsheetml/2006/main"><sheetData>' + sheet + '</sheetData></worksheet>',
}
with zipfile.ZipFile(path, 'w') as book:
  for name, text in parts.items(): book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
`

/** Writes rows of texts as an Excel file. */
export function excel(file, rows) {
  execFileSync('python3', ['-c', PROGRAM, JSON.stringify(rows), file])
  return file
}
