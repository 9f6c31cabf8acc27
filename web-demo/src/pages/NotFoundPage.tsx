import { searchAddress } from '../address';
import { Layout } from '../components/Layout';

export function NotFoundPage() {
  return (
    <Layout title="Off the map">
      <div className="page">
        <h1>Off the map</h1>
        <p>
          There is no such page. <a href={searchAddress}>Start from the search</a>
        </p>
      </div>
    </Layout>
  );
}
