/** A document has several page views, and each has a Metric object of its own. */
import { restoredAt } from './lifecycle.js';
import { rate } from './machines.js';
import { navigationEntry, navigationType } from './navigation.js';

/** Begins the page views of one metric: each has a Metric object, and reports what is new of it whenever asked to, or only when it is final. */
export function pageViews(name, onReport, { reportAllChanges }, explain) {
  return (navigation, value) => {
    const metric = newMetric(name, navigation, value);
    let reported;

    function report(isFinal) {
      if (!(metric.value >= 0) || !(isFinal || reportAllChanges)) return;
      const delta = metric.value - (reported ?? 0);
      if (!delta && reported !== undefined) return;
      reported = metric.value;
      Object.assign(metric, { delta, rating: rate(name, metric.value) });
      onReport(Object.assign(metric, { attribution: explain(metric) }));
    }
    return { metric, report };
  };
}

/** The page view that a soft navigation begins. */
export const softNavigation = ({ navigationId, interactionId, name, startTime }) => ({
  navigationType: 'soft-navigation',
  navigationId,
  navigationInteractionId: interactionId,
  navigationURL: name,
  navigationStartTime: startTime,
});

/** The page view that a restore from the back/forward cache begins, after that of the metric. */
export const restore = ({ navigationId, navigationInteractionId, navigationURL }) => ({
  navigationType: 'back-forward-cache',
  navigationId,
  navigationInteractionId,
  navigationURL,
  navigationStartTime: restoredAt(),
});

function newMetric(name, navigation = {}, value = -1) {
  const entry = navigationEntry();
  return {
    name,
    value,
    rating: 'good',
    delta: 0,
    entries: [],
    id: `v6-${Date.now()}-${Math.floor(Math.random() * (9e12 - 1)) + 1e12}`,
    navigationType: navigation.navigationType ?? navigationType(restoredAt() >= 0),
    navigationId: navigation.navigationId || entry?.navigationId || 0,
    navigationInteractionId: navigation.navigationInteractionId,
    navigationURL: navigation.navigationURL || entry?.name,
    navigationStartTime: navigation.navigationStartTime || 0,
  };
}
