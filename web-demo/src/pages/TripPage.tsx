import { useState } from 'react';
import { Layout } from '../components/Layout';
import { Scene } from '../components/scene/Scene';
import { readCriteria } from '../data/criteria';
import { daysLater, nextDeparture } from '../data/departures';
import { dayByDay, nightsOf } from '../data/itineraries';
import { addToPlan, removeFromPlan, usePlan } from '../data/plan';
import type { Trip } from '../data/trip';
import { formatCount, formatDateRange, formatDays, formatDaySpan, formatEuros } from '../format';

export function TripPage({ trip }: { trip: Trip }) {
  return (
    <Layout title={trip.title}>
      <div className="page trip">
        <div>
          <Scene scene={trip.scene} />
          <p className="soft">
            {trip.place}, {trip.country}
          </p>
          <h1>{trip.title}</h1>
          <p className="lead">{trip.summary}</p>
          <Itinerary trip={trip} />
        </div>
        <PriceBox trip={trip} />
      </div>
    </Layout>
  );
}

function Itinerary({ trip }: { trip: Trip }) {
  return (
    <section aria-labelledby="itinerary">
      <h2 id="itinerary">Day by day</h2>
      <ol className="itinerary">
        {dayByDay(trip.id).map((leg) => (
          <li key={leg.place}>
            <p className="soft">{formatDaySpan(leg.firstDay, leg.lastDay)}</p>
            <h3>
              {leg.place}{' '}
              <span className="soft">{formatCount(leg.nights, 'night', 'nights')}</span>
            </h3>
            <p>{leg.plan}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function PriceBox({ trip }: { trip: Trip }) {
  const [{ month, travellers }] = useState(() =>
    readCriteria(new URLSearchParams(location.search)),
  );
  const isPlanned = usePlan().includes(trip);
  const nights = nightsOf(trip.id);
  const from = nextDeparture(trip.bestMonths, month, new Date());
  return (
    <aside className="price-box" aria-label="Price">
      <p className="price">
        <strong>{formatEuros(trip.priceEur * travellers)}</strong>
      </p>
      <p className="soft">
        for {formatCount(travellers, 'traveller', 'travellers')}, all nights and local travel
        included
      </p>
      <p>
        {formatDateRange(from, daysLater(from, nights))}
        <br />
        <span className="soft">{formatDays(nights + 1)}</span>
      </p>
      {isPlanned ? (
        <button type="button" className="button quiet" onClick={() => removeFromPlan(trip)}>
          Remove from your plan
        </button>
      ) : (
        <button type="button" className="button" onClick={() => addToPlan(trip)}>
          Plan this trip
        </button>
      )}
    </aside>
  );
}
