import { useEffect, useState } from 'react';
import { resultsAddress } from '../address';
import './late-banner.css';

const bannerDelayMs = 1600;

/**
 * PLANTED FAULT 2, late banner: bad cumulative layout shift.
 *
 * The banner appears above content that is already being read, and no room was kept for it, so
 * everything moves down. The cure: keep its height free from the first paint, or lay it over the
 * page.
 */
export function LateBanner() {
  const [state, setState] = useState<'awaited' | 'shown' | 'dismissed'>('awaited');
  useEffect(() => {
    const timer = setTimeout(() => setState('shown'), bannerDelayMs);
    return () => clearTimeout(timer);
  }, []);

  if (state !== 'shown') return null;
  return (
    <aside className="late-banner" aria-label="Offer">
      <div className="late-banner-text">
        <h2>The quiet season is open</h2>
        <p>Calmer harbours, cooler paths, and a night free on every trip by rail.</p>
      </div>
      <div className="late-banner-actions">
        <a className="button" href={`${resultsAddress}?to=nordic`}>
          See the north
        </a>
        <button type="button" className="button quiet" onClick={() => setState('dismissed')}>
          Not now
        </button>
      </div>
    </aside>
  );
}
