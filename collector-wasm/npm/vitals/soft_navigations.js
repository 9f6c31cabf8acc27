/** Route changes that the browser notices itself. */

/** The browser itself forgets them after 50. */
const KEPT_MAX = 2;

/** Whether they are page views: when the caller wants it, in the shape that browsers shipped them in. */
export const reportsSoftNavigations = ({ reportSoftNavs }) =>
  !!reportSoftNavs &&
  !!globalThis.PerformanceObserver?.supportedEntryTypes?.includes('soft-navigation') &&
  typeof globalThis.PerformanceSoftNavigation?.prototype?.getLargestInteractionContentfulPaint === 'function';

/** The latest of them, to be found by their ids. */
export function latestSoftNavigations() {
  const entries = new Map();
  return {
    keep(entry) {
      if (!entry.navigationId) return;
      entries.set(entry.navigationId, entry);
      if (entries.size > KEPT_MAX) entries.delete(entries.keys().next().value);
    },
    find: (navigationId) => entries.get(navigationId),
  };
}
