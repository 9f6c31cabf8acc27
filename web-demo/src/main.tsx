import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { placeOf, type Place } from './address';
import { findTrip } from './data/trips';
import { NotFoundPage } from './pages/NotFoundPage';
import { ResultsPage } from './pages/ResultsPage';
import { SearchPage } from './pages/SearchPage';
import { TripPage } from './pages/TripPage';
import { startMeasuring } from './rhumb';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

function Page({ place }: { place: Place }) {
  switch (place.page) {
    case 'search':
      return <SearchPage />;
    case 'results':
      return <ResultsPage />;
    case 'trip': {
      const trip = findTrip(place.id);
      return trip === undefined ? <NotFoundPage /> : <TripPage trip={trip} />;
    }
    case 'not-found':
      return <NotFoundPage />;
  }
}

startMeasuring();

const app = document.getElementById('app');
if (app === null) throw new Error('index.html has no element with the id "app"');
createRoot(app).render(
  <StrictMode>
    <Page place={placeOf(location.pathname)} />
  </StrictMode>,
);
