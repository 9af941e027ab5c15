import { standIn } from './stand-in'
import { newFolder, shortRun } from './short-run'
const f = newFolder()
const o = await shortRun({ installation: await standIn(6, {}), folder: f.path, seed: process.argv[2] ?? '1' })
console.log(process.argv[2], o.takes, o.lost_segments, o.damaged, o.details.slice(0,9), o.findings, f.path)
process.exit(0)
