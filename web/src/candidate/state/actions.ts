// Buttons follow what the server says is open; the app holds no rules of its own.
import type { Action, Refusal } from '@/api/types'

export function actionOf(actions: readonly Action[], name: string): Action | null {
  return actions.find((action) => action.name === name) ?? null
}

export function isOpen(actions: readonly Action[], name: string): boolean {
  return actionOf(actions, name)?.open === true
}

/** Why a named action is closed, in the server's words; null when it is open or unknown here. */
export function refusalOf(actions: readonly Action[], name: string): Refusal | null {
  const action = actionOf(actions, name)
  return action === null || action.open ? null : action.refusal
}
