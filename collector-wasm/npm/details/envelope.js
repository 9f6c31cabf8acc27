/** Version 4 of the wire format: a beacon of an older version, and sections. */
const VERSION = 4;
/** What it has more than both: the version, and how long each is. */
export const ENVELOPE_BYTES_MAX = 7;

export function envelope(beacon, sections) {
  return new Uint8Array([VERSION, ...sized(beacon), ...sized(sections)]);
}

const sized = (bytes) => [...length(bytes.length), ...bytes];

/** Seven bits a byte, the lowest first; all but the last have their highest bit set. */
function length(count) {
  return count < 128 ? [count] : [(count % 128) | 128, ...length(count >> 7)];
}
