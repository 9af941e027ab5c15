/** The Element Plus parts the console uses, and no others: the bundle carries what is named here. */
import { defineAsyncComponent, type App } from 'vue'
import {
  ElButton, ElCheckbox, ElConfigProvider, ElDialog, ElDrawer, ElInput, ElInputNumber, ElSwitch,
} from 'element-plus'
import 'element-plus/es/components/base/style/css'
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/checkbox/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/drawer/style/css'
import 'element-plus/es/components/input/style/css'
import 'element-plus/es/components/input-number/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/switch/style/css'

const USED = [
  ElButton, ElCheckbox, ElConfigProvider, ElDialog, ElDrawer, ElInput, ElInputNumber, ElSwitch,
]

export function useElements(app: App): void {
  for (const element of USED) app.use(element)
  app.component('ElDatePicker', defineAsyncComponent(() => import('./date-picker')))
}
