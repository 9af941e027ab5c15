/** Papers, in English. */
export default {
  title: 'Questions', add: 'Add a paper', hint: 'Questions are kept closed: only administrators read them here, candidates once they have entered a session and opened them. Reviewers see what a candidate drew.', paper: 'Paper {number}',
  sessions: 'Used in', sessions_hint: 'Nobody sees it in other sessions; give mocks and practice a paper of their own.', draws: 'Draw questions for each candidate', draw: 'Questions drawn', draw_of: 'of {count}', all: 'Every candidate gets all questions', read: 'Time to read', minutes: 'min',
  read_hint: 'Counted from opening the questions; recording can begin after it.', question: 'Question {number}', move_up: 'Move question {number} up', move_down: 'Move question {number} down', remove_question: 'Remove question {number}', add_question: 'Add a question',
  preview: 'Preview', preview_end: 'End preview', preview_drawn: 'What is drawn is chance; these are the first.', asked: 'Questions: {subject}', asked_at: 'opened at {time}',
}
