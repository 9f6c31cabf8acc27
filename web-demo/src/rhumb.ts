import { start } from '@rhumb/collector';
import { routeOf } from './address';

/** Begins to measure this page view. Returns at once; the collector loads in the background. */
export function startMeasuring(): void {
  start({
    endpoint: location.origin,
    site: 'default',
    release: __APP_VERSION__,
    route: (url) => routeOf(url.pathname),
    // The demo is sent with `Document-Policy: js-profiling`, and has few visitors.
    details: { profileSampleRate: 1 },
  });
}
