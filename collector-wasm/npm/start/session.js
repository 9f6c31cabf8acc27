/** The tab's random id, which ends with it. */
const KEY = 'rhumb.session';

let known;
/** The same for every page view of a document that may not use storage. */
const chance = Math.random();

/** 32 hexadecimal digits: those that the tab's earlier page views left, or new ones. A page that may not use storage has no session. The page waits for the first look into storage, so that comes when the session is asked for. */
export const session = () => (known ??= stored());

function stored() {
  try {
    const id = sessionStorage.getItem(KEY);
    if (/^[\da-f]{32}$/.test(id)) return id;
    const made = randomId();
    sessionStorage.setItem(KEY, made);
    return made;
  } catch {}
}

export function forgetSession() {
  known = undefined;
  try {
    sessionStorage.removeItem(KEY);
  } catch {}
}

/** The same answer for every page view of a session. */
export function isSampled(rate, id) {
  return (id ? parseInt(id.slice(0, 8), 16) / 2 ** 32 : chance) < rate;
}

export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join('');
}

function hex(byte) {
  return byte.toString(16).padStart(2, '0');
}
