import { onRestored, whenActivated } from './lifecycle.js';
import { fid } from './machines.js';
import { loadStateAt } from './navigation.js';
import { observe } from './observe.js';
import { pageViews } from './page_views.js';
import { targetOf } from './target.js';
import { firstHidden, onHidden, watch } from './visibility.js';

/** Retired in favour of INP; as it was in web-vitals 4. */
export function onFID(onReport, options) {
  const explainIt = (metric) => explain(metric, options.generateTarget);
  const begin = pageViews('FID', onReport, options, explainIt);
  whenActivated(() => {
    watch();
    let { metric, report } = begin();

    function onEntries(entries) {
      for (const entry of entries) {
        const value = fid(entry.startTime, entry.processingStart, firstHidden());
        if (isNaN(value)) continue;
        metric.value = value;
        metric.entries.push(entry);
        report(true);
      }
    }

    const observer = observe(['first-input'], onEntries);
    if (!observer) return;
    onHidden(() => onEntries(observer.takeRecords()));
    onRestored(() => ({ metric, report } = begin()));
  });
}

function explain({ entries: [eventEntry] }, generateTarget) {
  return {
    eventTarget: eventEntry.target ? targetOf(eventEntry.target, generateTarget) : '',
    eventType: eventEntry.name,
    eventTime: eventEntry.startTime,
    eventEntry,
    loadState: loadStateAt(eventEntry.startTime),
  };
}
