import type { Criteria } from './data/criteria';

const base = import.meta.env.BASE_URL;

export const searchAddress = base;
export const resultsAddress = `${base}results`;
export const dashboardAddress = '/';

export function tripAddress(id: string, criteria?: Criteria): string {
  const query = criteria === undefined ? '' : `?${criteriaQuery(criteria)}`;
  return `${base}trips/${id}${query}`;
}

function criteriaQuery({ month, travellers }: Criteria): string {
  const query = new URLSearchParams({ travellers: String(travellers) });
  if (month !== null) query.set('month', String(month));
  return query.toString();
}

export type Place =
  | { page: 'search' }
  | { page: 'results' }
  | { page: 'trip'; id: string }
  | { page: 'not-found' };

export function placeOf(pathname: string): Place {
  const path = pathname.slice(base.length).replace(/\/$/, '');
  if (path === '' || path === 'index.html') return { page: 'search' };
  if (path === 'results') return { page: 'results' };
  const id = /^trips\/([a-z-]+)$/.exec(path)?.[1];
  return id === undefined ? { page: 'not-found' } : { page: 'trip', id };
}

const routes = {
  search: '/',
  results: '/results',
  trip: '/trips/:id',
  'not-found': '/not-found',
} as const satisfies Record<Place['page'], string>;

/** The few templates under which page views are counted, however many trips there are. */
export function routeOf(pathname: string): string {
  return routes[placeOf(pathname).page];
}
