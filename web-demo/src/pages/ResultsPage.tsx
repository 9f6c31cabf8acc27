import { RhumbProfiler } from '@rhumb/collector/react';
import { useRef, useState } from 'react';
import { FilterPanel } from '../components/FilterPanel';
import { Hero } from '../components/Hero';
import { Layout } from '../components/Layout';
import { TripList } from '../components/TripList';
import { readCriteria } from '../data/criteria';
import { noFilters } from '../data/filters';
import { rankTrips } from '../data/ranking';
import { suggestions, trips } from '../data/trips';
import { LateBanner } from '../faults/LateBanner';
import { UnmemoizedTripList } from '../faults/UnmemoizedTripList';
import { useSlowFilter } from '../faults/slowFilter';
import { formatCount, formatMonth } from '../format';

export function ResultsPage() {
  const [criteria] = useState(() => readCriteria(new URLSearchParams(location.search)));
  const [found, setFound] = useState(() => rankTrips(trips, criteria, noFilters));
  const [draft, setDraft] = useState(noFilters);
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
        <FilterPanel formRef={form} draft={draft} onDraft={setDraft} />
        <section aria-labelledby="found">
          <h2 id="found">
            <span role="status">
              {found.length === 0 ? 'No trip fits' : formatCount(found.length, 'trip', 'trips')}
            </span>
          </h2>
          {found.length === 0 && <p>Try a wider price range, or fewer themes.</p>}
          <RhumbProfiler id="UnmemoizedTripList">
            <UnmemoizedTripList trips={found} criteria={criteria} />
          </RhumbProfiler>
        </section>
      </div>
      <section className="page" aria-labelledby="suggestions">
        <h2 id="suggestions">Where others have gone</h2>
        <RhumbProfiler id="TripList">
          <TripList trips={suggestions} criteria={criteria} />
        </RhumbProfiler>
      </section>
    </Layout>
  );
}
