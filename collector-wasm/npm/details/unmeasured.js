import { randomId } from '../start/session.js';
import { timeZone } from '../start/time_zone.js';

/** A page that refuses WebAssembly is not measured, and nobody should take silence for health. One that is prerendered may never be shown to anybody. */
export function tellUnmeasured(settings, mayTell) {
  if (document.prerendering) document.addEventListener('prerenderingchange', action, { once: true });
  else action();

  function action() {
    try {
      if (mayTell()) tell(settings);
    } catch {
      // That the page is not measured has been said.
    }
  }
}

function tell({ ingestUrl, site, release, url, route, sampleRate }) {
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
  const body = JSON.stringify(pageView);
  fetch(`${ingestUrl}?unmeasured`, { method: 'POST', body, keepalive: true, credentials: 'omit' }).catch(() => {});
}
