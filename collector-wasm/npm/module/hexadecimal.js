/** The bytes of a module that comes within the script. Browsers have learnt it lately. */
export function decode(hexadecimal) {
  return Uint8Array.fromHex?.(hexadecimal) ?? Uint8Array.from(hexadecimal.match(/../g), (pair) => parseInt(pair, 16));
}
