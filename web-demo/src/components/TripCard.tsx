import { memo } from 'react';
import { tripAddress } from '../address';
import type { Criteria } from '../data/criteria';
import { nightsOf } from '../data/itineraries';
import { themeNames, type Trip } from '../data/trip';
import { formatCount, formatEuros } from '../format';
import { Scene } from './scene/Scene';

interface Props {
  trip: Trip;
  criteria: Criteria;
}

export const TripCard = memo(function TripCard({ trip, criteria }: Props) {
  return (
    <article className="trip-card">
      <Scene scene={trip.scene} />
      <div className="trip-card-text">
        <h3>
          <a href={tripAddress(trip.id, criteria)}>{trip.title}</a>
        </h3>
        <p className="soft">
          {trip.place}, {trip.country}
        </p>
        <p>{trip.summary}</p>
        <ul className="tags">
          {trip.themes.map((theme) => (
            <li key={theme}>{themeNames[theme]}</li>
          ))}
        </ul>
        <p className="price">
          <strong>{formatEuros(trip.priceEur)}</strong>{' '}
          <span className="soft">each · {formatCount(nightsOf(trip.id), 'night', 'nights')}</span>
        </p>
      </div>
    </article>
  );
});
