// How loud each take got, kept on this phone so that a silent one is noticed before it is submitted.

const SILENT_BELOW_DB = -55
const key = (take_id: string) => `yikao.loudest.${take_id}`

/** `db` is the loudest moment in dBFS. */
export function rememberLoudest(take_id: string, db: number): void {
  // -100 is what a meter says that was never allowed to listen: that is no measurement.
  if (db <= -99) return
  try {
    localStorage.setItem(key(take_id), String(Math.round(db)))
  } catch {
    // Then nobody warns.
  }
}

/** Whether a take was measured and found silent. */
export function wasSilent(take_id: string): boolean {
  try {
    const db = localStorage.getItem(key(take_id))
    return db !== null && Number(db) < SILENT_BELOW_DB
  } catch {
    return false
  }
}
