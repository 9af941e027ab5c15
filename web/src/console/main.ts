// Entry of the staff console.
import { createApp, h } from 'vue'

createApp({ render: () => h('main', 'Yikao console') }).mount('#app')
