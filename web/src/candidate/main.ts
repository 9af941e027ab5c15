// Entry of the candidate's app.
import { createApp, h } from 'vue'

createApp({ render: () => h('main', 'Yikao') }).mount('#app')
