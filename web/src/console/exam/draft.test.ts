import { describe, expect, it } from 'vitest'
import type { Preset, RevisionBody } from '@/api/console-types'
import { addMajor, addPaper, addSession, addSlot, addSubject, addTask, moved, standardTask, without } from './draft'

function empty(): RevisionBody {
  return { preset: 'general', title: '', zone: 'Asia/Shanghai', terms: {}, support: {}, settings: {}, majors: [], sessions: [], tasks: [] }
}

describe('a draft', () => {
  it('loses a major together with its subjects', () => {
    const body = empty()
    addMajor(body, 'vocal', '声乐')
    addSubject(body, 'vocal', 'song', '自选歌曲')
    expect(without(body, { kind: 'major', id: 'vocal' }).majors).toEqual([])
  })

  it('loses one subject and keeps the others', () => {
    const body = empty()
    addMajor(body, 'vocal', '声乐')
    addSubject(body, 'vocal', 'song', '自选歌曲')
    addSubject(body, 'vocal', 'reading', '视唱')
    const left = without(body, { kind: 'subject', id: 'song' })
    expect(left.majors[0]?.subjects.map((subject) => subject.id)).toEqual(['reading'])
  })

  it('gets slots that follow one another, and loses a task', () => {
    const body = empty()
    addTask(body, 'slots', 'booking', '约考')
    const booking = body.tasks[0]!.form
    if (booking.kind !== 'booking') throw new Error('a booking')
    addSlot(booking, 'one')
    booking.slots[0]!.capacity = 4
    addSlot(booking, 'two')
    expect(booking.slots[1]).toEqual({ id: 'two', starts_at: booking.slots[0]!.ends_at, ends_at: booking.slots[0]!.ends_at + 1_800_000, capacity: 4 })
    expect(without(body, { kind: 'task', id: 'slots' }).tasks).toEqual([])
  })

  it('begins a pledge with the words of its preset', () => {
    const body = empty()
    const text = { zh: '我承诺', en: 'I promise' }
    const pledge = { title: { zh: '承诺书' }, before: 'formal' as const, form: { kind: 'pledge' as const, text } }
    const presets = [{ id: 'recital', tasks: [] }, { id: 'general', tasks: [pledge] }].map((preset) => ({ ...preset, title_zh: '', title_en: '', description: '' }) as Preset)
    addTask(body, 'a', 'pledge', '新', standardTask(presets, body, 'pledge'))
    addTask(body, 'b', 'reading', '阅读', standardTask(presets, body, 'reading'))
    expect(body.tasks.map((task) => [task.title.zh, task.form.kind !== 'booking' && task.form.text.zh])).toEqual([['承诺书', '我承诺'], ['阅读', '']])
  })

  it('offers a new session in the window of the last', () => {
    const body = empty()
    addSession(body, 'a', '模拟一')
    body.sessions[0]!.opens_at = 1000
    body.sessions[0]!.closes_at = 2000
    addSession(body, 'b', '模拟二')
    expect(body.sessions[1]).toMatchObject({ opens_at: 1000, closes_at: 2000 })
  })

  it('gives a paper to the formal sessions that have none, and takes it from a session that goes', () => {
    const body = empty()
    for (const id of ['formal', 'mock']) addSession(body, id, id)
    body.sessions[0]!.kind = 'formal'
    addMajor(body, 'vocal', '声乐')
    addSubject(body, 'vocal', 'song', '自选歌曲')
    const song = body.majors[0]!.subjects[0]!
    addPaper(body, song, 'first', 'question')
    addPaper(body, song, 'second', 'another')
    expect(song.papers.map((paper) => paper.sessions)).toEqual([['formal'], []])
    const left = without(body, { kind: 'session', id: 'formal' })
    expect(left.majors[0]?.subjects[0]?.papers[0]?.sessions).toEqual([])
  })

  it('changes the order of subjects by one place', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  })
})
