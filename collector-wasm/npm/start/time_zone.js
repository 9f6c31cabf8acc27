/** What the server takes; a browser or a page may say anything. */
const NAME = /^[\w/+-]{1,64}$/;

let known;

/** The browser's time zone, such as `Europe/Berlin`; asked for when it is first sent, because that takes long. */
export function timeZone() {
  if (known === undefined) known = asked();
  return known;
}

function asked() {
  try {
    const { timeZone = '' } = Intl.DateTimeFormat().resolvedOptions();
    return NAME.test(timeZone) ? timeZone : '';
  } catch {
    return '';
  }
}
