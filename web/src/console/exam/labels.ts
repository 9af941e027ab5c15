/** The words for a setting; an act of interruption is named by the act. */
import type { Texts } from '../texts'
import type { Setting } from './settings'

export function settingLabel(setting: Setting, t: Texts['t']): string {
  return setting.control.kind === 'rule' ? t(`act.${setting.control.act}`) : t(`setting.${setting.name}.name`)
}

export function settingHint(setting: Setting, t: Texts['t']): string {
  return setting.control.kind === 'rule' ? '' : t(`setting.${setting.name}.hint`)
}
