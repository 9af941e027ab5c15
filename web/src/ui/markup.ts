// Foreign words inside messages: what the message syntax would read as its own is quoted.

/** A text from outside as a message that means exactly itself. */
export function inBrackets(text: string): string {
  return text.replace(/[@{}|$\\']/g, (sign) => (sign === "'" || sign === '\\' ? `{'\\${sign}'}` : `{'${sign}'}`))
}
