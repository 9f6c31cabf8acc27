import { recall, remember } from './offline_queue.js';

/** Browsers let a page have 64 KiB in flight that outlive it, all together. */
const KEEPALIVE_BYTES_MAX = 60_000;
/** Page views whose beacon has not arrived yet. */
const WAITING_MAX = 8;
const ATTEMPTS_MAX = 8;
const BACK_OFF_MS = 1000;
const BACK_OFF_MAX_MS = 60_000;
/** A younger beacon is as good as new. */
const DELAY_MIN_MS = 500;

const outlivesPage = typeof Request === 'function' && 'keepalive' in Request.prototype;

/**
 * Beacons → network. A beacon waits here until the server has taken or refused it, or a newer one
 * of the same page view, which says all that it did, takes its place.
 */
export function transport({ ingestUrl, offlineQueue }) {
  let waiting = offlineQueue ? recall() : [];
  let pageView = 0;
  let bytesInFlight = 0;
  let timer;
  let later;

  waiting.forEach(post);

  const cancelLater = () => later?.abort();
  /** Whether a beacon has arrived is not known when its page ends; that it comes twice does no harm. */
  const keep = () => offlineQueue && remember(waiting);

  return {
    /** `sequence` is 0 for the first beacon of a page view. */
    send(bytes, sequence) {
      if (!sequence) pageView++;
      cancelLater();
      waiting = waiting.filter((beacon) => beacon.pageView !== pageView);
      waiting.push({ body: bytes.slice(), pageView, madeAt: Date.now(), attempts: 0 });
      waiting = waiting.slice(-WAITING_MAX);
      // A page that is hidden may be gone before the time for the others has come.
      if (document.hidden) waiting.forEach(post);
      else post(waiting.at(-1));
      if (document.hidden) keep();
    },

    /** Leaves a beacon with the browser, which sends it should the page end without being hidden. */
    sendLater(bytes) {
      cancelLater();
      later = new AbortController();
      try {
        fetchLater(ingestUrl, { ...request(bytes.slice()), signal: later.signal });
      } catch {
        // Its quota is used up, or the address is one that it does not take.
      }
    },

    stop() {
      cancelLater();
      clearTimeout(timer);
      waiting = [];
      keep();
    },
  };

  async function post(beacon) {
    if (beacon.isInFlight) return;
    beacon.isInFlight = true;
    beacon.attempts++;
    const { length } = beacon.body;
    bytesInFlight += length;
    let wait;
    try {
      wait = await attempt(beacon, bytesInFlight <= KEEPALIVE_BYTES_MAX);
    } catch {
      wait = 0;
    }
    bytesInFlight -= length;
    beacon.isInFlight = false;
    if (wait === undefined || beacon.attempts === ATTEMPTS_MAX) {
      waiting = waiting.filter((other) => other !== beacon);
      keep();
    } else {
      retry(beacon, wait);
    }
  }

  /** Absent when the beacon is done with, else the seconds that the server wants to be left alone. */
  async function attempt({ body, madeAt }, keepalive) {
    const delay = Date.now() - madeAt;
    const url = delay < DELAY_MIN_MS ? ingestUrl : `${ingestUrl}?delay_ms=${delay}`;
    if (!outlivesPage && document.hidden && navigator.sendBeacon(url, body)) return;
    const { status, headers } = await fetch(url, { ...request(body), keepalive });
    if (status === 429 || status >= 500) return Number(headers.get('retry-after')) || 0;
  }

  /** Not all pages at once after a server was away. */
  function retry({ attempts }, wait) {
    const backOff = Math.min(BACK_OFF_MS * 2 ** (attempts - 1), BACK_OFF_MAX_MS);
    clearTimeout(timer);
    timer = setTimeout(
      () => waiting.forEach(post),
      Math.max(wait * 1000, backOff * (0.5 + Math.random())),
    );
  }
}

/** Without a content type there is no CORS preflight, which would be lost when the page ends. */
function request(body) {
  return { method: 'POST', body, credentials: 'omit' };
}
