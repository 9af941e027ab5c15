/** Tasks before an exam: editing them in its draft. */
export default {
  title: 'Before the exam', add_reading: '+ Reading', add_pledge: '+ Pledge', add_booking: '+ Booking', new_reading: '考前阅读', new_pledge: '诚信录制承诺书', new_booking: '预约考试时段',
  kind: { reading: 'Reading', pledge: 'Pledge', booking: 'Booking' },
  kind_hint: { reading: 'Candidates open it and read for at least the time given.', pledge: 'Candidates sign it once, with the name they were confirmed by.', booking: 'Candidates choose a slot and can enter within it only.' },
  name: 'Name', name_en: 'Name in English', en_hint: 'Empty: readers of English see the Chinese.', before: 'Until it is done, closed is', before_of: { nothing: 'nothing', mock: 'the mock (and the formal exam after it)', formal: 'the formal exam' },
  due_at: 'To be done by', due_hint: 'Empty: as long as the exam is open.', majors: 'Which majors', text: 'Text', text_en: 'Text in English', text_hint: 'An empty line begins a paragraph. {example} and the like show as this exam’s own words.', min: 'Shortest reading time (seconds)',
  opens_at: 'Booking opens', closes_at: 'Booking closes', changeable: 'May be changed or given back until it closes', notice: 'Send candidates a notice once they have booked', slots: 'Slots', slot_start: 'Start', slot_end: 'End', capacity: 'Places', add_slot: '+ Slot', remove_slot: 'Remove slot {number}', slots_none: 'No slots yet',
  slot_capacity_of: 'Places of slot {number}', open: '{count} open', done: 'All done', column: 'Before the exam', none: '–',
}
