/** Buttons follow what the server lets this person do; the console has no rules of its own. */
import type { Action } from '@/api/types'

export function actionNamed(actions: readonly Action[] | undefined, name: string): Action | undefined {
  return actions?.find((action) => action.name === name)
}

export function isOpen(actions: readonly Action[] | undefined, name: string): boolean {
  return actionNamed(actions, name)?.open ?? false
}
