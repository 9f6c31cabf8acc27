import { movedMost } from '../start/about.js';
import { onFCP } from './fcp.js';
import { afterPaint, onRestored } from './lifecycle.js';
import { Shifts } from './machines.js';
import { loadStateAt } from './navigation.js';
import { observe } from './observe.js';
import { pageViews, restore, softNavigation } from './page_views.js';
import { reportsSoftNavigations } from './soft_navigations.js';
import { targetOf } from './target.js';
import { onHidden, watch } from './visibility.js';

/** What the machine says of a shift. */
const BEGINS = 1;
const IS_LARGEST = 2;

export function onCLS(onReport, options) {
  watch();
  let begun = false;
  // A page that was never painted has none, as in CrUX.
  onFCP(() => {
    if (!begun) measure(onReport, options);
    begun = true;
  }, {});
}

function measure(onReport, options) {
  const targets = new WeakMap();
  const begin = pageViews('CLS', onReport, options, (metric) => explain(metric, targets));
  let { shifts, session, metric, report } = startOver();

  function startOver(navigation) {
    return { shifts: new Shifts(), session: [], ...begin(navigation, 0) };
  }

  function next(navigation) {
    ({ shifts, session, metric, report } = startOver(navigation));
  }

  function add(entry) {
    if (entry.hadRecentInput) return;
    const step = shifts.add(entry.startTime, entry.value);
    if (step & BEGINS) session = [];
    session.push(entry);
    if (step & IS_LARGEST) {
      metric.value = shifts.score;
      metric.entries = session;
    }
    const source = movedMost(entry.sources);
    if (source?.node) targets.set(source, targetOf(source.node, options.generateTarget));
  }

  function onEntries(entries) {
    for (const entry of entries) {
      if (entry.entryType === 'soft-navigation') {
        report(true);
        next(softNavigation(entry));
      } else {
        add(entry);
      }
    }
    report();
  }

  const types = ['layout-shift', ...(reportsSoftNavigations(options) ? ['soft-navigation'] : [])];
  const observer = observe(types, onEntries);
  if (!observer) return;
  onHidden(() => {
    onEntries(observer.takeRecords());
    report(true);
  });
  onRestored(() => {
    next(restore(metric));
    afterPaint(report);
  });
  // A page without a shift is worth a report too.
  setTimeout(report);
}

/** The largest shift of the session window; of two that are equal, the later. */
function explain({ entries }, targets) {
  if (!entries.length) return {};
  const largestShiftEntry = entries.reduce((a, b) => (a.value > b.value ? a : b));
  const largestShiftSource = movedMost(largestShiftEntry.sources);
  if (!largestShiftSource) return {};
  return {
    largestShiftTarget: targets.get(largestShiftSource),
    largestShiftTime: largestShiftEntry.startTime,
    largestShiftValue: largestShiftEntry.value,
    largestShiftSource,
    largestShiftEntry,
    loadState: loadStateAt(largestShiftEntry.startTime),
  };
}
