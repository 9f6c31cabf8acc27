import { Hero } from '../components/Hero';
import { Layout } from '../components/Layout';
import { SearchForm } from '../components/SearchForm';
import { TripList } from '../components/TripList';
import { readCriteria } from '../data/criteria';
import { suggestions } from '../data/trips';
import { LateBanner } from '../faults/LateBanner';

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
        <TripList trips={suggestions} criteria={criteria} />
      </section>
    </Layout>
  );
}
