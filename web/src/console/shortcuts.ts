/** Keyboard shortcuts: pages declare theirs, the `?` sheet lists whatever is active now. */
import { onBeforeUnmount, onMounted, reactive } from 'vue'

export type Shortcut = {
  /** As `KeyboardEvent.key`, or two keys in sequence with a space: `g e`. `mod+s` means Ctrl or ⌘. */
  keys: string[]
  /** Key of the text that says what it does. */
  does: string
  run: (event: KeyboardEvent) => void
}

const active = reactive<{ groups: { title: string; shortcuts: Shortcut[] }[] }>({ groups: [] })
let lead: { key: string; at: number } | null = null

export function activeShortcuts(): readonly { title: string; shortcuts: Shortcut[] }[] {
  return active.groups
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Space and Enter belong to the button or link that has the focus. */
function isActivating(event: KeyboardEvent): boolean {
  return (event.key === ' ' || event.key === 'Enter') && event.target instanceof HTMLElement
    && event.target.closest('button, a, summary, [role="tab"], [role="slider"], .el-overlay') !== null
}

/** A closed dialog may stay in the page unseen. */
function isDialogOpen(): boolean {
  return [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((dialog) => dialog.getClientRects().length > 0)
}

/** The name under which a pressed key is declared. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 && event.key !== ' ' ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey) return `mod+${key}`
  return event.shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key
}

function find(name: string): Shortcut | undefined {
  for (const group of [...active.groups].reverse()) {
    const found = group.shortcuts.find((shortcut) => shortcut.keys.includes(name))
    if (found) return found
  }
  return undefined
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || isActivating(event)) return
  const name = pressed(event)
  if (isTyping(event.target) && !name.startsWith('mod+')) return
  if (isDialogOpen() && name !== 'Escape') return
  const sequence = lead && event.timeStamp - lead.at < 1200 ? find(`${lead.key} ${name}`) : undefined
  const found = sequence ?? find(name)
  lead = found ? null : { key: name, at: event.timeStamp }
  if (!found) return
  event.preventDefault()
  found.run(event)
}

/** Shortcuts that hold while the component is on screen. */
export function useShortcuts(title: string, shortcuts: Shortcut[]): void {
  const group = { title, shortcuts }
  onMounted(() => { active.groups.push(group) })
  onBeforeUnmount(() => {
    const index = active.groups.findIndex((known) => known.title === title)
    if (index >= 0) active.groups.splice(index, 1)
  })
}
