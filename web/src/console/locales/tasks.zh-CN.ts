/** 考前任务：考试草稿里的编辑。 */
export default {
  title: '考前任务', add_reading: '+ 阅读', add_pledge: '+ 承诺书', add_booking: '+ 约考', new_reading: '考前阅读', new_pledge: '诚信录制承诺书', new_booking: '预约考试时段',
  kind: { reading: '考前阅读', pledge: '承诺书', booking: '约考' },
  kind_hint: { reading: '考生打开后要读满规定的时间。', pledge: '考生用认证的姓名签署，只签一次。', booking: '考生选择一个时段，只能在时段内进入。' },
  name: '名称', name_en: '英文名称', en_hint: '不填：用英文界面的考生看到中文。', before: '完成之前不能进入', before_of: { nothing: '不限制', mock: '模拟考试（和之后的正式考试）', formal: '正式考试' },
  due_at: '完成期限', due_hint: '不填：考试开放期间都可以完成。', majors: '哪些专业', text: '正文', text_en: '英文正文', text_hint: '空一行分段。可以写 {example}，显示为本考试的用语。', min: '最短阅读时间（秒）',
  opens_at: '开始预约', closes_at: '截止预约', changeable: '截止前可以更改和取消', notice: '预约成功后通知考生', slots: '时段', slot_start: '开始', slot_end: '结束', capacity: '人数', add_slot: '+ 时段', remove_slot: '移除第 {number} 个时段', slots_none: '还没有时段',
  slot_capacity_of: '第 {number} 个时段的人数', open: '{count} 项未完成', done: '已完成', column: '考前任务', none: '–',
}
