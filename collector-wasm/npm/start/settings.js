import { guard } from './guard.js';

const SITE_LENGTH_MAX = 64;

/** What the page asked for, checked; what is wrong is said by an error that names the option. */
export function settingsFrom({
  endpoint,
  path = '/v1/ingest',
  site,
  release,
  route,
  scrubUrl,
  session = true,
  sampleRate = 1,
  softNavigations = true,
  offlineQueue = false,
  consent = true,
  honorPrivacySignals = false,
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
    release: textOf(release),
    route: (address) => guard(() => textOf(route?.(new URL(address)))),
    url: (address) => guard(() => scrubbed(new URL(address), scrubUrl)),
    session: !!session,
    sampleRate: +sampleRate,
    softNavigations: !!softNavigations,
    offlineQueue: !!offlineQueue,
    consent: !!consent && !(honorPrivacySignals && asksForPrivacy()),
  };
}

/** What the server takes for a name: release files end in a line break, and it refuses those. */
export function textOf(name) {
  const text = name == null ? '' : `${name}`.trim();
  return /^\P{Cc}+$/u.test(text) ? text : undefined;
}

/** Without query string and fragment, where people's secrets are. */
function scrubbed(url, scrubUrl) {
  url.search = url.hash = url.username = url.password = '';
  const address = scrubUrl ? scrubUrl(url) : url;
  return address && /^https?:/.test(address) ? `${address}` : undefined;
}

function asksForPrivacy() {
  return navigator.globalPrivacyControl === true || navigator.doNotTrack === '1';
}

function expect(isTrue, otherwise) {
  if (!isTrue) throw new TypeError(otherwise);
}
