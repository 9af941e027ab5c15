import { describe, expect, it } from 'vitest'
import type { ExamView, RevisionBody } from '@/api/console-types'
import { nodeNamed, nodeOfFinding, worthAt } from './resolved'
import { fromUnit, inUnit } from './settings'

const subject = (id: string) => ({
  id, name: id, form: 'video' as const, compulsory: true, content: '', requirements: '', notes: '', settings: {}, papers: [],
})

const body: RevisionBody = {
  preset: 'general', title: '声乐考试', zone: 'Asia/Shanghai', terms: {}, support: {}, settings: {},
  majors: [
    { id: 'vocal', name: '声乐', notes: '', settings: {}, electives: null, order: 'free', subjects: [subject('song'), subject('reading')] },
    { id: 'piano', name: '钢琴', notes: '', settings: {}, electives: null, order: 'free', subjects: [subject('etude')] },
  ],
  sessions: [{ id: 'formal-1', kind: 'formal', title: '正式', opens_at: 1, closes_at: 2, latest_entry_at: null, majors: null, capacity: null, settings: {} }],
  tasks: [{ id: 'pledge', title: { zh: '承诺书', en: '' }, before: 'formal', due_at: null, majors: null, form: { kind: 'pledge', text: { zh: '', en: '' } } }],
}

const view: ExamView = {
  id: 'e', school_id: 's', state: 'draft', revision: { id: 'r', number: 1, body }, findings: [], actions: [],
  resolved: [
    { subject_id: 'song', values: [{ setting: 'attempts', value: 5, from: 'subject' }] },
    { subject_id: 'reading', values: [{ setting: 'attempts', value: 3, from: 'exam' }] },
    { subject_id: 'etude', values: [{ setting: 'attempts', value: 2, from: 'major' }] },
  ],
}

describe('the value of a setting at a level', () => {
  it('is the subject’s own where the subject is looked at', () => {
    expect(worthAt(view, body, { kind: 'subject', id: 'song' }, 'attempts')).toEqual({ value: 5, from: 'subject' })
  })

  it('is what an untouched subject gets where the exam is looked at', () => {
    expect(worthAt(view, body, { kind: 'exam' }, 'attempts')).toEqual({ value: 3, from: 'exam' })
  })

  it('is the major’s where the major is looked at', () => {
    expect(worthAt(view, body, { kind: 'major', id: 'piano' }, 'attempts')).toEqual({ value: 2, from: 'major' })
  })

  it('is unknown for a setting the server has not resolved', () => {
    expect(worthAt(view, body, { kind: 'exam' }, 'face')).toBeNull()
  })
})

describe('the place a finding speaks of', () => {
  it('is found by path', () => {
    expect(nodeOfFinding('majors[0].subjects[1].settings.attempts', body)).toEqual({ kind: 'subject', id: 'reading' })
    expect(nodeOfFinding('sessions[0].closes_at', body)).toEqual({ kind: 'session', id: 'formal-1' })
    expect(nodeOfFinding('majors[1]', body)).toEqual({ kind: 'major', id: 'piano' })
  })

  it('is a task, whatever else has its number', () => {
    expect(nodeOfFinding('tasks[0].form.text', body)).toEqual({ kind: 'task', id: 'pledge' })
    expect(nodeNamed('task:pledge', body)).toEqual({ kind: 'task', id: 'pledge' })
  })

  it('is found by id', () => {
    expect(nodeOfFinding('subject:etude', body)).toEqual({ kind: 'subject', id: 'etude' })
  })

  it('is the exam when nothing else fits', () => {
    expect(nodeOfFinding('title', body)).toEqual({ kind: 'exam' })
  })
})

describe('a node in the address', () => {
  it('falls back to the exam when the subject is gone', () => {
    expect(nodeNamed('subject:gone', body)).toEqual({ kind: 'exam' })
    expect(nodeNamed('subject:etude', body)).toEqual({ kind: 'subject', id: 'etude' })
  })
})

describe('durations in the unit staff think in', () => {
  it('come back unchanged', () => {
    expect(inUnit(90_000, 'min')).toBe(1.5)
    expect(fromUnit(1.5, 'min')).toBe(90_000)
  })
})
