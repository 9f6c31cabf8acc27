import { guard } from './guard.js';

const SITE_LENGTH_MAX = 64;
/** Bytes. */
const RELEASE_LENGTH_MAX = 64;
const ROUTE_LENGTH_MAX = 256;
const URL_LENGTH_MAX = 2048;

/** What the page asked for, checked; what is wrong is said by an error that names the option. */
export function settingsFrom({
  endpoint,
  path = '/v1/ingest',
  site,
  release,
  route,
  scrubUrl,
  generateTarget,
  session = true,
  sampleRate = 1,
  softNavigations = true,
  offlineQueue = false,
  consent = true,
  honorPrivacySignals = false,
  details = true,
} = {}) {
  expect(
    typeof site === 'string' && site && site.length <= SITE_LENGTH_MAX,
    `site: expected 1 to ${SITE_LENGTH_MAX} characters, got ${site}`,
  );
  expect(
    typeof endpoint === 'string',
    `endpoint: expected the address of the rhumb server, got ${endpoint}`,
  );
  expect(sampleRate >= 0 && sampleRate <= 1, `sampleRate: expected 0 to 1, got ${sampleRate}`);
  return {
    ingestUrl: new URL(endpoint.replace(/\/+$/, '') + path, location.href).href,
    site,
    release: textOf(release, RELEASE_LENGTH_MAX),
    route: (address) => guard(() => textOf(route?.(new URL(address)), ROUTE_LENGTH_MAX)),
    url: (address) => guard(() => scrubbed(new URL(address), scrubUrl)),
    generateTarget,
    session,
    sampleRate: +sampleRate,
    softNavigations,
    offlineQueue,
    details,
    consent: consent && !(honorPrivacySignals && (navigator.globalPrivacyControl || navigator.doNotTrack === '1')),
  };
}

/** What the server takes for a name: release files end in a line break, and it refuses those. A longer one is left out rather than cut: cut, it is another. */
export function textOf(name, lengthMax = ROUTE_LENGTH_MAX) {
  const text = `${name ?? ''}`.trim();
  const isFit = text && !/[\0-\x1f\x7f-\x9f]/.test(text) && isWithin(lengthMax, text);
  return isFit ? text : undefined;
}

/** A character takes three bytes at most, or is two and takes four. */
function isWithin(lengthMax, text) {
  return text.length * 3 <= lengthMax || new TextEncoder().encode(text).length <= lengthMax;
}

/** Without query string and fragment, where people's secrets are. */
function scrubbed(url, scrubUrl) {
  url.search = url.hash = url.username = url.password = '';
  const address = scrubUrl ? scrubUrl(url) : url;
  const text = address && textOf(address, URL_LENGTH_MAX);
  return /^https?:/.test(text) ? text : undefined;
}

function expect(isTrue, otherwise) {
  if (!isTrue) throw new TypeError(otherwise);
}
