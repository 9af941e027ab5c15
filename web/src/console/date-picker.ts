/** The date picker and its calendar, fetched only by pages that ask for a moment. */
import { ElDatePicker } from 'element-plus'
import 'element-plus/es/components/date-picker/style/css'

export default ElDatePicker
