import { memo } from 'react';
import type { Criteria } from '../data/criteria';
import type { Trip } from '../data/trip';
import { TripCard } from './TripCard';

interface Props {
  trips: readonly Trip[];
  criteria: Criteria;
}

export const TripList = memo(function TripList({ trips, criteria }: Props) {
  return (
    <div className="trips">
      {trips.map((trip) => (
        <TripCard key={trip.id} trip={trip} criteria={criteria} />
      ))}
    </div>
  );
});
