import { searchAddress, tripAddress } from '../address';
import { usePlan } from '../data/plan';

export function TopBar() {
  const plan = usePlan();
  return (
    <header className="top-bar">
      <a className="brand" href={searchAddress}>
        <Rose />
        Windrose
      </a>
      <details className="plan">
        <summary>
          Your plan <span className="plan-count">{plan.length}</span>
        </summary>
        {plan.length === 0 ? (
          <p>Nothing yet. Open a trip and choose “Plan this trip”.</p>
        ) : (
          <ul>
            {plan.map((trip) => (
              <li key={trip.id}>
                <a href={tripAddress(trip.id)}>{trip.title}</a>
              </li>
            ))}
          </ul>
        )}
      </details>
    </header>
  );
}

function Rose() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path fill="currentColor" d="M12 1l2.4 8.6L23 12l-8.6 2.4L12 23l-2.4-8.6L1 12l8.6-2.4z" />
    </svg>
  );
}
