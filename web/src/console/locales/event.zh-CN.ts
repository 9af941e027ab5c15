/** What happened in a sitting, in Chinese. */
export default {
  event: {
    created: '生成考试', entered: '进入考试', subject_waits: '科目等待', subject_opened: '科目开放', paper_opened: '打开试题', question_shown: '录制中看试题', question_hidden: '收起试题', take_started: '开始录制', take_positioned: '就位', beeped: '提示音', part_opened: '新的一段', parts_ended: '录像封尾', interrupted: '中断',
    grace_began: '等待恢复', take_resumed: '恢复录制', take_finished: '录制完成', take_lost: '录制失效', take_chosen: '选定录像', submitted: '提交', submission_kept: '保留原提交', subject_skipped: '不参加选考', subject_failed: '科目未通过',
    subject_missed: '科目未提交', granted: '加时', granted_ahead: '进入前加时', attempt_granted: '增加录制次数', suspended: '暂停', resumed: '恢复考试', reopened: '重新开放科目', closed: '考试结束', delivered: '送达结果', device_taken: '由一台设备进行', device_released: '放行另一台设备', second_sign_in: '另一台设备登录', late_judged: '逾时封存的决定', several_faces: '画面中不止一张脸（机器判断）', weak_match: '面部相似度不高（机器判断）', not_same_person: '面部与考生差异过大（机器判断）', unwitnessed_gap: '无人见证的间断', late_seals: '结束后才封存', receipt: '发出回执', pulse: '心跳',
  },
  actor: { candidate: '考生', staff: '工作人员', system: '系统', rule: '规则', proctor: '监考', admin: '管理员', clock: '到时' },
  param: { device: '设备', counts: '计入', reason: '理由', act: '行为', cause: '原因', extra_ms: '加时', number: '第几次', duration_ms: '时长', lasted_ms: '持续', until: '到', outcome: '结果', effect: '后果', began_at_captured_ms: '录像位置', at_captured_ms: '录像位置', answer_from: '可以开始录制', revision: '版本', by: '由', closes_at: '结束时间', extra_attempts: '增加次数', delivery: '送达', counted: '计次' },
  value: {
    yes: '是', no: '否',
    left_page: '离开页面', locked: '锁屏', call: '来电', track_ended: '摄像头或麦克风中断', reload: '刷新页面', recorder_error: '录制器故障', lose_take: '本次录制失效', note: '只记录', end_subject: '本科目结束', end_sitting: '考试结束',
    completed: '已完成', abandoned: '放弃', missed: '缺考', ended_by_rule: '按规则终止', ended_by_staff: '由监考终止', candidate: '考生', rule: '按规则', longest_reached: '到达最长时间', recorder_failed: '录制器故障', close: '到时',
    interrupted: '中断', silent: '失去联系', suspended: '暂停', sitting_ended: '考试终止', no_attempt_left: '次数用完', time_up: '时间到', subjects_over: '科目全部结束', finished: '考生结束', staff: '监考终止', suspension_lapsed: '暂停逾期',
    recorder_restarted: '录制器重启', quality_changed: '调整画质', phone_changed: '更换手机', complete: '完整', damaged: '损坏', lapsed: '逾期', pending: '传送中', refused: '已拒绝', asked: '已询问', taken_over: '改由那台继续',
  },
}
