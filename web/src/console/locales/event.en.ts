/** What happened in a sitting, in English. */
export default {
  event: {
    created: 'Sitting made', entered: 'Entered', subject_waits: 'Subject waits', subject_opened: 'Subject open', paper_opened: 'Questions opened', question_shown: 'Question shown while filmed', question_hidden: 'Question hidden', take_started: 'Take started', take_positioned: 'Positioning', beeped: 'Beep', part_opened: 'New part', parts_ended: 'Parts ended', interrupted: 'Interrupted',
    grace_began: 'Waiting to resume', take_resumed: 'Take resumed', take_finished: 'Take finished', take_lost: 'Take lost', take_chosen: 'Take chosen', submitted: 'Submitted', submission_kept: 'Earlier submission kept', subject_skipped: 'Elective not taken', subject_failed: 'Subject failed',
    subject_missed: 'Subject not submitted', granted: 'Time granted', granted_ahead: 'Time granted before entry', attempt_granted: 'Take granted', suspended: 'Suspended', resumed: 'Resumed', reopened: 'Subject reopened', closed: 'Sitting closed', delivered: 'Delivery settled', device_taken: 'a device takes over', device_released: 'another device let in', second_sign_in: 'sign-in on another device', late_judged: 'Late seals decided', several_faces: 'More than one face (seen by the machine)', weak_match: 'Face only resembles (seen by the machine)', not_same_person: 'Face differs (seen by the machine)', unwitnessed_gap: 'Unwitnessed gap', late_seals: 'Sealed after the close', receipt: 'Receipt issued', pulse: 'Pulse',
  },
  actor: { candidate: 'candidate', staff: 'staff', system: 'system', rule: 'rule', proctor: 'proctor', admin: 'administrator', clock: 'clock' },
  param: { device: 'device', counts: 'counts', reason: 'reason', act: 'act', cause: 'cause', extra_ms: 'granted', number: 'number', duration_ms: 'length', lasted_ms: 'lasted', until: 'until', outcome: 'outcome', effect: 'effect', began_at_captured_ms: 'at', at_captured_ms: 'at', answer_from: 'recording from', revision: 'revision', by: 'by', closes_at: 'closes', extra_attempts: 'takes added', delivery: 'delivery', counted: 'counted' },
  value: {
    yes: 'yes', no: 'no',
    left_page: 'left the page', locked: 'locked', call: 'call', track_ended: 'camera or microphone ended', reload: 'reload', recorder_error: 'recorder error', lose_take: 'take lost', note: 'noted', end_subject: 'subject ends', end_sitting: 'sitting ends',
    completed: 'completed', abandoned: 'abandoned', missed: 'missed', ended_by_rule: 'ended by rule', ended_by_staff: 'ended by staff', candidate: 'candidate', rule: 'by rule', longest_reached: 'longest reached', recorder_failed: 'recorder failed', close: 'close',
    interrupted: 'interrupted', silent: 'silent', suspended: 'suspended', sitting_ended: 'sitting ended', no_attempt_left: 'no take left', time_up: 'time up', subjects_over: 'all subjects over', finished: 'finished by candidate', staff: 'ended by staff', suspension_lapsed: 'suspension lapsed',
    recorder_restarted: 'recorder restarted', quality_changed: 'quality changed', phone_changed: 'phone changed', complete: 'complete', damaged: 'damaged', lapsed: 'lapsed', pending: 'pending', refused: 'refused', asked: 'asked', taken_over: 'goes on there',
  },
}
