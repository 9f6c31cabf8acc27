import { recall, remember } from './offline_queue.js';
import { timeZone } from './time_zone.js';

/** Browsers let a page have 64 KiB in flight that outlive it, all together. */
const KEEPALIVE_BYTES_MAX = 60_000;
/** Page views whose beacon has not arrived yet. */
const WAITING_MAX = 8;
/** After so many attempts a beacon waits for one more when the page is hidden. */
const ATTEMPTS_MAX = 8;
const BACK_OFF_MS = 1000;
const BACK_OFF_MAX_MS = 60_000;
/** Of an attempt that nobody answers. */
const TIMEOUT_MS = 30_000;
/** A day, because timers of a month fire at once. */
const REST_MAX_MS = 86_400_000;
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
  /** Until then the server wants to be left alone. */
  let restsUntil = 0;
  let timer;
  let later;

  const cancelLater = () => later?.abort();
  /** Whether a beacon has arrived is not known when its page ends; that it comes twice does no harm. */
  const keep = () => offlineQueue && remember(waiting);

  postAll();

  /** Whatever waits, and all of it is kept: a page that is hidden may be gone before the time for any of them has come, and one that begins may crash. */
  function postAll() {
    waiting.forEach(post);
    keep();
  }

  return {
    /** `sequence` is 0 for the first beacon of a page view, `bare` is what is kept of one that is long. */
    send(bytes, sequence, bare) {
      if (!sequence) pageView++;
      cancelLater();
      waiting = waiting.filter((beacon) => beacon.pageView !== pageView);
      waiting.push({ body: bytes.slice(), bare: bare?.slice(), pageView, madeAt: Date.now(), attempts: 0 });
      waiting = waiting.slice(-WAITING_MAX);
      const beacon = waiting.at(-1);
      if (document.hidden) postAll();
      else if (performance.now() < restsUntil) retry(beacon, 0);
      else post(beacon);
    },

    /** Leaves a beacon with the browser, which sends it should the page end without being hidden. */
    sendLater(bytes) {
      cancelLater();
      later = new AbortController();
      try {
        fetchLater(address(0), { ...request(bytes.slice()), signal: later.signal });
      } catch {
        // Its quota is used up, or the address is one that it does not take.
      }
    },

    onHidden: postAll,

    stop() {
      cancelLater();
      clearTimeout(timer);
      waiting = [];
      keep();
    },
  };

  async function post(beacon) {
    // An attempt that ends with the page is no reason to make none when it is hidden.
    if (beacon.isInFlight && (beacon.isLast || !document.hidden)) return;
    beacon.isInFlight = true;
    beacon.attempts++;
    const fits = ({ length }) => bytesInFlight + length <= KEEPALIVE_BYTES_MAX;
    const body = (document.hidden && !fits(beacon.body) && beacon.bare) || beacon.body;
    const keepalive = outlivesPage && fits(body);
    beacon.isLast = keepalive || document.hidden;
    bytesInFlight += body.length;
    let rest;
    try {
      rest = await attempt(beacon, body, keepalive);
    } catch {
      rest = 0;
    }
    bytesInFlight -= body.length;
    beacon.isInFlight = false;
    if (rest === undefined) {
      waiting = waiting.filter((other) => other !== beacon);
      keep();
    } else if (beacon.attempts < ATTEMPTS_MAX) {
      retry(beacon, rest);
    }
  }

  /** Absent when the beacon is done with, else for how long the server wants to be left alone. */
  async function attempt({ madeAt }, body, keepalive) {
    const url = address(Date.now() - madeAt);
    if (!outlivesPage && document.hidden && navigator.sendBeacon(url, body)) return;
    const signal = AbortSignal.timeout?.(TIMEOUT_MS);
    const { status, headers } = await fetch(url, { ...request(body), keepalive, signal });
    if (/^(5|4[02][89])/.test(status)) {
      // `Retry-After` says seconds, or when.
      const retryAfter = headers.get('retry-after');
      return Math.min(retryAfter * 1000 || Date.parse(retryAfter) - Date.now() || 0, REST_MAX_MS);
    }
  }

  /** Where a beacon goes that has waited so long. */
  function address(delay) {
    const url = new URL(ingestUrl);
    if (delay >= DELAY_MIN_MS) url.searchParams.set('delay_ms', delay);
    const zone = timeZone();
    if (zone) url.searchParams.set('time_zone', zone);
    return url.href;
  }

  /** Not all pages at once after a server was away. */
  function retry({ attempts }, rest) {
    const now = performance.now();
    restsUntil = Math.max(restsUntil, now + rest);
    const backOff = Math.min(BACK_OFF_MS * 2 ** (attempts - 1), BACK_OFF_MAX_MS);
    clearTimeout(timer);
    timer = setTimeout(
      () => waiting.forEach(post),
      Math.max(restsUntil - now, backOff * (0.5 + Math.random())),
    );
  }
}

/** Without a content type there is no CORS preflight, which would be lost when the page ends. */
function request(body) {
  return { method: 'POST', body, credentials: 'omit' };
}
