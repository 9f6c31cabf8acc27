/** Version 4 of the wire format: a beacon of an older version, and sections. */
const VERSION = 4;
/** What it has more than both: the version, and how long each is. */
export const ENVELOPE_BYTES_MAX = 7;

export function envelope(beacon, sections) {
  return joined([[VERSION, ...length(beacon.length)], beacon, length(sections.length), sections]);
}

export function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Seven bits a byte, the lowest first; all but the last have their highest bit set. */
export function length(count) {
  return count < 128 ? [count] : [(count % 128) | 128, ...length(count >> 7)];
}
