/** Types of the Element Plus parts that elements.ts registers for every template. */
import type {
  ElButton, ElCheckbox, ElConfigProvider, ElDatePicker, ElDialog, ElDrawer, ElInput, ElInputNumber, ElSwitch,
} from 'element-plus'

declare module 'vue' {
  interface GlobalComponents {
    ElButton: typeof ElButton
    ElCheckbox: typeof ElCheckbox
    ElConfigProvider: typeof ElConfigProvider
    ElDatePicker: typeof ElDatePicker
    ElDialog: typeof ElDialog
    ElDrawer: typeof ElDrawer
    ElInput: typeof ElInput
    ElInputNumber: typeof ElInputNumber
    ElSwitch: typeof ElSwitch
  }
}
