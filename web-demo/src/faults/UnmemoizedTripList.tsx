import { TripList } from '../components/TripList';
import type { Criteria } from '../data/criteria';
import type { Trip } from '../data/trip';

/**
 * A FAULT THAT NO VITAL TELLS, wasted renders: every key that is pressed in the filters renders every
 * card anew.
 *
 * The list is memoized, but what it is given is a new object each time. The cure: hand the same
 * criteria on. The report of renders says that its updates render in full.
 */
export function UnmemoizedTripList({ trips, criteria }: { trips: readonly Trip[]; criteria: Criteria }) {
  return <TripList trips={trips} criteria={{ ...criteria }} />;
}
