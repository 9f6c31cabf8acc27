import { randomId } from './session.js';
import { timeZone } from './time_zone.js';

/** A page that refuses WebAssembly is not measured, and nobody should take silence for health. */
export function tellUnmeasured({ ingestUrl, site, release, url, route, sampleRate }) {
  const { href } = location;
  const pageView = {
    site,
    page_view: randomId(),
    release,
    url: url(href),
    route: route(href),
    sample_rate: sampleRate,
    metrics: [],
    time_zone: timeZone() || undefined,
  };
  navigator.sendBeacon(`${ingestUrl}?unmeasured`, JSON.stringify(pageView));
}
