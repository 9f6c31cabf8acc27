import { onRestored, whenActivated } from './lifecycle.js';
import { ttfb, ttfbParts } from './machines.js';
import { activationStart, navigationEntry } from './navigation.js';
import { observe } from './observe.js';
import { pageViews, restore, softNavigation } from './page_views.js';
import { reportsSoftNavigations } from './soft_navigations.js';

export function onTTFB(onReport, options) {
  const begin = pageViews('TTFB', onReport, options, explain);
  // Its navigation is the one that it was called in.
  const view = begin();
  whenLoaded(() => measure(begin, view, options));
}

/** In the task after the page was loaded, when all of its navigation entry is known. */
function whenLoaded(action) {
  if (document.prerendering) whenActivated(() => whenLoaded(action));
  else if (document.readyState !== 'complete') addEventListener('load', () => whenLoaded(action), true);
  else setTimeout(action);
}

function measure(begin, { metric, report }, options) {
  const entry = navigationEntry();
  if (!entry) return;
  metric.value = ttfb(entry.responseStart, activationStart());
  metric.entries = [entry];
  report(true);

  /** What needs no request has a first byte at once. */
  function next(navigation, entries) {
    ({ metric, report } = begin(navigation, 0));
    metric.entries = entries;
    report(true);
  }
  onRestored(() => next(restore(metric), []));
  if (!reportsSoftNavigations(options)) return;
  observe(['soft-navigation'], (entries) => {
    for (const entry of entries) if (entry.navigationId) next(softNavigation(entry), [entry]);
  });
}

function explain({ entries: [entry], value }) {
  const parts = entry instanceof PerformanceNavigationTiming ? partsOf(entry, value) : [0, 0, 0, 0, 0];
  const [waitingDuration, cacheDuration, dnsDuration, connectionDuration, requestDuration] = parts;
  return { waitingDuration, cacheDuration, dnsDuration, connectionDuration, requestDuration, navigationEntry: entry };
}

function partsOf(entry, value) {
  const { activationStart = 0, workerStart, fetchStart = 0 } = entry;
  const { domainLookupStart, connectStart, connectEnd } = entry;
  return ttfbParts(value, activationStart, workerStart || fetchStart, domainLookupStart, connectStart, connectEnd);
}
