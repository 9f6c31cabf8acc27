import { afterPaint, onRestored, restoredAt, whenActivated } from './lifecycle.js';
import { fcp, ttfb } from './machines.js';
import { activationStart, loadStateAt, navigationEntry } from './navigation.js';
import { observe } from './observe.js';
import { pageViews, restore, softNavigation } from './page_views.js';
import { latestSoftNavigations, reportsSoftNavigations } from './soft_navigations.js';
import { firstHidden, watch } from './visibility.js';

export function onFCP(onReport, options) {
  const latest = latestSoftNavigations();
  const begin = pageViews('FCP', onReport, options, (metric) => explain(metric, latest));
  whenActivated(() => measure(begin, options, latest));
}

function measure(begin, options, latest) {
  watch();
  let { metric, report } = begin();

  const observer = observe(['paint'], (entries) => {
    const entry = entries.find(({ name }) => name === 'first-contentful-paint');
    if (!entry) return;
    observer.disconnect();
    const value = fcp(entry.startTime, firstHidden(), activationStart());
    if (isNaN(value)) return;
    metric.value = value;
    metric.entries.push(entry);
    metric.navigationId = entry.navigationId || metric.navigationId;
    report(true);
  });

  if (observer) {
    onRestored((time) => {
      ({ metric, report } = begin(restore(metric)));
      afterPaint(() => {
        metric.value = performance.now() - time;
        report(true);
      });
    });
  }

  if (reportsSoftNavigations(options)) {
    observe(['soft-navigation'], (entries) => {
      for (const entry of entries) {
        latest.keep(entry);
        const paint = entry.presentationTime || entry.paintTime || 0;
        ({ metric, report } = begin(softNavigation(entry), fcp(paint, Infinity, entry.startTime)));
        report(true);
      }
    });
  }
}

function explain(metric, latest) {
  const { navigationType, navigationId, entries, value } = metric;
  const isSoft = navigationType === 'soft-navigation';
  const hardEntry = !isSoft && entries.length ? navigationEntry() : undefined;
  if (hardEntry) {
    const timeToFirstByte = ttfb(hardEntry.responseStart, hardEntry.activationStart ?? 0);
    return {
      timeToFirstByte,
      firstByteToFCP: value - timeToFirstByte,
      loadState: loadStateAt(entries[0].startTime),
      navigationEntry: hardEntry,
      fcpEntry: entries.at(-1),
    };
  }
  const softEntry = isSoft ? latest.find(navigationId) : undefined;
  return {
    timeToFirstByte: 0,
    firstByteToFCP: value,
    loadState: softEntry ? 'complete' : loadStateAt(restoredAt()),
    ...(softEntry && { navigationEntry: softEntry }),
  };
}
