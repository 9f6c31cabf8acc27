import { interactions } from './interactions.js';
import { onRestored, whenActivated, whenIdleOrHidden } from './lifecycle.js';
import { loadStateAt } from './navigation.js';
import { observe } from './observe.js';
import { pageViews, restore, softNavigation } from './page_views.js';
import { reportsSoftNavigations } from './soft_navigations.js';
import { onHidden } from './visibility.js';

/** Shorter events are no latency that anybody notices, but for the first input. */
const EVENT_DURATION_MIN_MS = 40;

/** Page views that have no `first-input` entry of their own. */
const LATER = ['soft-navigation', 'back-forward-cache'];

export function onINP(onReport, options) {
  if (!globalThis.PerformanceEventTiming || !('interactionId' in PerformanceEventTiming.prototype)) return;
  const known = interactions(options);
  const begin = pageViews('INP', onReport, options, (metric) => explain(metric, known));
  whenActivated(() => measure(begin, options, known));
}

function measure(begin, options, known) {
  let { metric, report } = begin();

  function next(navigation) {
    known.begin();
    ({ metric, report } = begin(navigation));
  }

  function update() {
    const value = known.value(LATER.includes(metric.navigationType));
    if (isNaN(value) || value === metric.value) return;
    metric.value = value;
    metric.entries = known.entries();
    report();
  }

  function add(entries) {
    for (const entry of entries) {
      if (entry.entryType === 'soft-navigation') {
        update();
        report(true);
        next(softNavigation(entry));
      } else {
        known.add(entry);
      }
    }
    update();
  }

  const softTypes = reportsSoftNavigations(options) ? ['soft-navigation'] : [];
  const durationThreshold = options.durationThreshold ?? EVENT_DURATION_MIN_MS;
  // Not in the task of the input, and when more of its events have been reported.
  const onEntries = (entries) => whenIdleOrHidden(() => add(entries));
  const observer = observe(['event', 'first-input', ...softTypes], onEntries, { durationThreshold });
  if (!observer) return;
  if (!('interactionCount' in performance)) {
    observe(['event'], (entries) => entries.forEach(known.note), { durationThreshold: 0 });
  }
  onHidden(() => {
    add(observer.takeRecords());
    report(true);
  });
  onRestored(() => next(restore(metric)));
}

function explain({ entries, value, navigationStartTime }, known) {
  if (entries.length) return known.explain(entries);
  // All interactions were too short to be reported.
  return {
    processedEventEntries: [],
    longAnimationFrameEntries: [],
    inputDelay: 0,
    processingDuration: 0,
    presentationDelay: value,
    loadState: loadStateAt(navigationStartTime),
  };
}
