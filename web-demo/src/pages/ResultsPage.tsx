import { useRef, useState } from 'react';
import { FilterPanel } from '../components/FilterPanel';
import { Hero } from '../components/Hero';
import { Layout } from '../components/Layout';
import { TripCard } from '../components/TripCard';
import { readCriteria } from '../data/criteria';
import { noFilters } from '../data/filters';
import { rankTrips } from '../data/ranking';
import { trips } from '../data/trips';
import { LateBanner } from '../faults/LateBanner';
import { useSlowFilter } from '../faults/slowFilter';
import { formatCount, formatMonth } from '../format';

export function ResultsPage() {
  const [criteria] = useState(() => readCriteria(new URLSearchParams(location.search)));
  const [found, setFound] = useState(() => rankTrips(trips, criteria, noFilters));
  const form = useRef<HTMLFormElement>(null);
  useSlowFilter(form, criteria, setFound);

  const when = criteria.month === null ? 'any month' : formatMonth(criteria.month);
  const title = criteria.to === '' ? 'All trips' : `Trips to and around “${criteria.to}”`;
  return (
    <Layout title={title}>
      <LateBanner />
      <Hero size="slim">
        <h1>{title}</h1>
        <p>
          {formatCount(criteria.travellers, 'traveller', 'travellers')}, {when}
        </p>
      </Hero>
      <div className="page results">
        <FilterPanel formRef={form} />
        <section aria-labelledby="found">
          <h2 id="found">
            <span role="status">
              {found.length === 0 ? 'No trip fits' : formatCount(found.length, 'trip', 'trips')}
            </span>
          </h2>
          {found.length === 0 && <p>Try a wider price range, or fewer themes.</p>}
          <div className="trips">
            {found.map((trip) => (
              <TripCard key={trip.id} trip={trip} criteria={criteria} />
            ))}
          </div>
        </section>
      </div>
    </Layout>
  );
}
