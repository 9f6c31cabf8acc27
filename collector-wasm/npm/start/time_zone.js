/** What the server takes; a browser or a page may say anything. */
const NAME = /^[\w/+-]{1,64}$/;

let known;

/** The browser's time zone, such as `Europe/Berlin`; asked for when it is first sent, because that takes long where there is no Temporal. */
export const timeZone = () => (known ??= asked());

function asked() {
  try {
    // What formats dates learns first how the visitor's language writes them.
    const name = globalThis.Temporal?.Now?.timeZoneId?.() ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
    return NAME.test(name) ? name : '';
  } catch {
    return '';
  }
}
