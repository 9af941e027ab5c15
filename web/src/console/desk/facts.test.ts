import { describe, expect, it } from 'vitest'
import { wantedOf } from './facts'

const person = { name: '王小艺', document_type: 'id_card', document_number: '11010519491231002X', province: '北京', contact: '138' } as Parameters<typeof wantedOf>[1]

describe('what a review asks for', () => {
  it('stands beside what holds, where the two differ', () => {
    expect(wantedOf({ province: '河北', name: '王小艺' }, person)).toEqual([
      { name: 'name', value: '王小艺', holds: null },
      { name: 'province', value: '河北', holds: '北京' },
    ])
  })

  it('has nothing beside it where nothing is authenticated yet', () => {
    const nobody = { ...person, name: '', document_number: '', province: '' }
    expect(wantedOf({ name: '周晓彤' }, nobody)).toEqual([{ name: 'name', value: '周晓彤', holds: null }])
  })

  it('reads a school roll, and leaves out ids of pictures', () => {
    const roll = JSON.stringify({ school: '第一中学', stage: '高三', number: '' })
    expect(wantedOf({ ticket: 'an id', portrait: 'an id', school_roll: roll }, person)).toEqual([
      { name: 'school_roll', value: '第一中学 · 高三', holds: null },
    ])
  })
})
