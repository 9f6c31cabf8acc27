import { Hero } from '../components/Hero';
import { Layout } from '../components/Layout';
import { SearchForm } from '../components/SearchForm';
import { TripCard } from '../components/TripCard';
import { readCriteria } from '../data/criteria';
import { trips } from '../data/trips';
import { LateBanner } from '../faults/LateBanner';

const suggestions = trips.slice(0, 3);
const criteria = readCriteria(new URLSearchParams());

export function SearchPage() {
  return (
    <Layout title="Windrose">
      <LateBanner />
      <Hero size="full">
        <h1>Go the long way round</h1>
        <p>Unhurried trips by sea, by rail and on foot, planned from door to door.</p>
        <SearchForm criteria={criteria} />
      </Hero>
      <section className="page" aria-labelledby="suggestions">
        <h2 id="suggestions">Where others have gone</h2>
        <div className="trips">
          {suggestions.map((trip) => (
            <TripCard key={trip.id} trip={trip} criteria={criteria} />
          ))}
        </div>
      </section>
    </Layout>
  );
}
