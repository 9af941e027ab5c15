/** Papers, in Chinese. */
export default {
  title: '试题', add: '加一份试卷', hint: '试题加密保存，只有管理员能看到；考生在进入场次并打开后才能看到，评阅时可见考生所抽的题。', paper: '试卷 {number}',
  sessions: '用于场次', sessions_hint: '没有勾选的场次看不到这份试卷；模拟和练习请用另一份。', draws: '为每名考生抽题', draw: '抽题数', draw_of: '题，共 {count} 题', all: '每名考生都做全部试题', read: '审题时间', minutes: '分钟',
  read_hint: '打开试题后先看题，时间一到才能录制。', question: '第 {number} 题', move_up: '上移第 {number} 题', move_down: '下移第 {number} 题', remove_question: '删除第 {number} 题', add_question: '加一题',
  preview: '预览', preview_end: '结束预览', preview_drawn: '抽题是随机的，这里显示最前面的题。', asked: '试题：{subject}', asked_at: '{time} 打开',
}
