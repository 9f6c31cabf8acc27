/** Beacons that had not arrived when their page was left, for the next page of the site: one item a page. */
const PREFIX = 'rhumb.waiting.';
const PAGES_MAX = 8;
/** Characters of a page's. */
const LENGTH_MAX = 8192;

/** This page's item. */
const key = PREFIX + Math.random();

/** Storage may be full or forbidden; then nothing is remembered. */
export function remember(waiting) {
  try {
    localStorage.removeItem(key);
    const stored = waiting.map(({ body, bare = body, madeAt }) => [btoa(String.fromCharCode(...bare)), madeAt]);
    // The page views of a visit that are left out are its first ones.
    while (JSON.stringify(stored).length > LENGTH_MAX) stored.shift();
    if (stored.length && keys().length < PAGES_MAX) localStorage.setItem(key, JSON.stringify(stored));
  } catch {}
}

/** Takes them all out. */
export function recall() {
  try {
    return keys().flatMap(take);
  } catch {
    return [];
  }
}

function take(key) {
  const text = localStorage.getItem(key);
  localStorage.removeItem(key);
  try {
    return JSON.parse(text).map(([bytes, madeAt]) => ({
      body: Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)),
      madeAt,
      attempts: 0,
    }));
  } catch {
    // Somebody else's.
    return [];
  }
}

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}
