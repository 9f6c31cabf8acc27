import { useEffect, type RefObject } from 'react';
import type { Criteria } from '../data/criteria';
import { readFilters, type Filters } from '../data/filters';
import { rankTrips } from '../data/ranking';
import type { Trip } from '../data/trip';
import { trips } from '../data/trips';

const blockedMs = 300;

/**
 * PLANTED FAULT 3, slow filter: bad interaction to next paint.
 *
 * A click on "Apply filters" ranks the whole catalogue again and again before the browser may
 * paint. The cure: rank once, and give way to the next paint before any work that can wait.
 *
 * The listener is native, not React's, so that a long frame names `applyFilters` as the script
 * that held it up, and not React's dispatcher.
 */
export function useSlowFilter(
  formRef: RefObject<HTMLFormElement | null>,
  criteria: Criteria,
  show: (ranked: readonly Trip[]) => void,
): void {
  useEffect(() => {
    const form = formRef.current;
    if (form === null) return;
    function applyFilters(event: SubmitEvent): void {
      event.preventDefault();
      if (!(event.currentTarget instanceof HTMLFormElement)) return;
      show(rankAsIfTheCatalogueWereHuge(criteria, readFilters(new FormData(event.currentTarget))));
    }
    form.addEventListener('submit', applyFilters);
    return () => form.removeEventListener('submit', applyFilters);
  }, [formRef, criteria, show]);
}

/** Every round scores every trip against every other and comes to the same result. */
function rankAsIfTheCatalogueWereHuge(criteria: Criteria, filters: Filters): readonly Trip[] {
  const deadlineMs = performance.now() + blockedMs;
  let ranked = rankTrips(trips, criteria, filters);
  while (performance.now() < deadlineMs) ranked = rankTrips(trips, criteria, filters);
  return ranked;
}
