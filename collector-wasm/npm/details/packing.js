/** The profile, which is the longest section of pages that have one, is compressed. Browsers do that while others run, so it is done before anybody waits for it. */
import { joined, length } from './envelope.js';

/** Sections of the wire format. */
const PROFILE = 7;
const PACKED_PROFILE = 9;

/** The last profile that was compressed: its section as text, and what its content is now. */
let known;
let compressed = [];

/** Ends in any case. */
export async function pack(sections) {
  if (sections[0] !== PROFILE) return;
  const { section, content } = firstOf(sections);
  if (`${section}` === known) return;
  try {
    const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    compressed = new Uint8Array(await new Response(stream).arrayBuffer());
    known = `${section}`;
  } catch {
    // It is told as it is.
  }
}

/** The same sections, with the compressed profile if it has not changed since. */
export function packed(sections) {
  if (!known) return sections;
  const { section, others } = firstOf(sections);
  if (`${section}` !== known) return sections;
  return joined([[PACKED_PROFILE, ...length(compressed.length)], compressed, others]);
}

/** The profile stands first, if there is one. */
function firstOf(sections) {
  let at = 0;
  let count = 0;
  do count += (sections[++at] & 127) << (7 * at - 7);
  while (sections[at] & 128);
  const end = ++at + count;
  return { section: sections.slice(0, end), content: sections.slice(at, end), others: sections.slice(end) };
}
