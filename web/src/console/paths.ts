/** One place for the console's addresses. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  exams: (school: string) => `/schools/${school}/exams`,
  newExam: (school: string) => `/schools/${school}/exams/new`,
  members: (school: string) => `/schools/${school}/members`,
  settings: (exam: string) => `/exams/${exam}/settings`,
  roster: (exam: string) => `/exams/${exam}/roster`,
  live: (exam: string) => `/exams/${exam}/live`,
  toReview: (exam: string) => `/exams/${exam}/to-review`,
  sitting: (sitting: string) => `/sittings/${sitting}`,
  messages: '/operator/messages',
  activationCodes: '/operator/activation-codes',
  jobs: '/operator/jobs',
  schools: '/operator/schools',
  /** The candidates' page of an exam, as its link and QR code carry it. */
  candidateLink: (exam: string) => `${window.location.origin}/e/${exam}`,
}
