import { afterPaint, onRestored, whenActivated, whenIdleOrHidden } from './lifecycle.js';
import { lcp, lcpParts, ttfb } from './machines.js';
import { activationStart, navigationEntry } from './navigation.js';
import { observe } from './observe.js';
import { pageViews, restore, softNavigation } from './page_views.js';
import { keepResources, requestStart, resourceOf } from './resources.js';
import { latestSoftNavigations, reportsSoftNavigations } from './soft_navigations.js';
import { targetOf } from './target.js';
import { firstHidden, forgetHidden, watch } from './visibility.js';

/** What ends the search for the largest paint: from now on the page shows what its visitor asked for. */
const ENDINGS = ['keydown', 'click', 'visibilitychange'];

export function onLCP(onReport, options) {
  keepResources(options.resourceBufferSize);
  const targets = new WeakMap();
  const latest = latestSoftNavigations();
  const explainIt = (metric) => explain(metric, targets, latest);
  const begin = pageViews('LCP', onReport, options, explainIt);
  whenActivated(() => measure(begin, options, targets, latest));
}

function measure(begin, options, targets, latest) {
  watch();
  const isSoft = reportsSoftNavigations(options);
  let { metric, report } = begin();
  let isFinal = false;

  function next(navigation) {
    ({ metric, report } = begin(navigation));
    isFinal = false;
  }

  function onEntries(entries) {
    // The last is the largest, and of those before it nobody would be told.
    const wanted = options.reportAllChanges || isSoft ? entries : entries.slice(-1);
    for (const entry of wanted) {
      if (entry.entryType === 'soft-navigation') onSoftNavigation(entry);
      else if (entry.entryType === 'interaction-contentful-paint') onInteractionPaint(entry);
      else onPaint(entry, entry.startTime, activationStart());
    }
  }

  function onSoftNavigation(entry) {
    latest.keep(entry);
    if (!isFinal) report(true);
    next(softNavigation(entry));
    forgetHidden();
    const largest = entry.getLargestInteractionContentfulPaint?.();
    if (largest) onEntries([largest]);
  }

  function onInteractionPaint({ interactionId, startTime, largestContentfulPaint: paint }) {
    // A paint that an earlier interaction led to is none of this page view.
    const isIts = interactionId === undefined || interactionId === metric.navigationInteractionId;
    if (metric.navigationId && isIts) onPaint(paint, paint?.renderTime ?? 0, startTime);
  }

  function onPaint(paint, time, origin) {
    if (paint) keepTarget(paint, targets, options.generateTarget);
    const value = lcp(time, firstHidden(), origin);
    if (isNaN(value)) return;
    metric.value = value;
    metric.entries = paint ? [paint] : [];
    report();
  }

  const softTypes = isSoft ? ['interaction-contentful-paint', 'soft-navigation'] : [];
  const observer = observe(['largest-contentful-paint', ...softTypes], onEntries);
  if (!observer) return;

  function finish({ isTrusted }) {
    if (!isTrusted || isFinal) return;
    const { id } = metric;
    // Not in the task of an input, which would make that slower.
    whenIdleOrHidden(() => {
      if (isFinal) return;
      if (!isSoft) {
        observer.disconnect();
        for (const type of ENDINGS) removeEventListener(type, finish, true);
      }
      if (metric.id !== id) return;
      isFinal = true;
      report(true);
    });
  }
  for (const type of ENDINGS) addEventListener(type, finish, true);

  onRestored((time) => {
    next(restore(metric));
    afterPaint(() => {
      metric.value = performance.now() - time;
      isFinal = true;
      report(true);
    });
  });
}

/** At once: later the element may be gone. */
function keepTarget(paint, targets, generateTarget) {
  if (paint.element) targets.set(paint, targetOf(paint.element, generateTarget));
  else if (paint.id) targets.set(paint, `#${paint.id}`);
}

function explain(metric, targets, latest) {
  const { value } = metric;
  const lcpEntry = metric.entries.at(-1);
  const parts = {
    timeToFirstByte: 0,
    resourceLoadDelay: 0,
    resourceLoadDuration: 0,
    elementRenderDelay: value,
  };
  if (!lcpEntry) return parts;
  const lcpResourceEntry = resourceOf(lcpEntry);
  return {
    ...parts,
    target: targets.get(lcpEntry),
    lcpEntry,
    ...(lcpEntry.url && { url: lcpEntry.url }),
    ...(lcpResourceEntry && { lcpResourceEntry }),
    ...partsSince(navigationOf(metric, latest), value, lcpResourceEntry),
  };
}

/** The entry that the paint counts from, its first byte and its origin. */
function navigationOf({ navigationType, navigationId, navigationStartTime }, latest) {
  if (navigationType === 'soft-navigation') {
    return { entry: latest.find(navigationId), timeToFirstByte: 0, origin: navigationStartTime };
  }
  const entry = navigationEntry();
  const origin = entry?.activationStart ?? 0;
  return { entry, timeToFirstByte: ttfb(entry?.responseStart, origin), origin };
}

function partsSince({ entry, timeToFirstByte, origin }, value, resource) {
  if (!entry) return {};
  const asked = resource ? requestStart(resource) : NaN;
  const parts = lcpParts(value, timeToFirstByte, asked, resource?.responseEnd, origin);
  const [, resourceLoadDelay, resourceLoadDuration, elementRenderDelay] = parts;
  return {
    timeToFirstByte,
    resourceLoadDelay,
    resourceLoadDuration,
    elementRenderDelay,
    navigationEntry: entry,
  };
}
