// The version of this app, as the build wrote it; the server tells one that is too old (A9).
declare const __APP_VERSION__: string | undefined

export const VERSION: string = typeof __APP_VERSION__ === 'string' ? __APP_VERSION__ : '0.0.0'
