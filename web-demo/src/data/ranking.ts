import type { Criteria } from './criteria';
import { passes, type Filters, type Order } from './filters';
import { nightsOf } from './itineraries';
import { isInSeason, type Trip } from './trip';

/** The trips that pass the filters, in the order asked for. */
export function rankTrips(
  trips: readonly Trip[],
  criteria: Criteria,
  filters: Filters,
): readonly Trip[] {
  const scores = new Map(trips.map((trip) => [trip, matchScore(trip, trips, criteria)]));
  const scoreOf = (trip: Trip) => scores.get(trip) ?? 0;
  const comparisons: Record<Order, (a: Trip, b: Trip) => number> = {
    match: (a, b) => scoreOf(b) - scoreOf(a),
    price: (a, b) => a.priceEur - b.priceEur,
    nights: (a, b) => nightsOf(a.id) - nightsOf(b.id),
  };
  return trips.filter((trip) => passes(trip, filters)).toSorted(comparisons[filters.order]);
}

/** Case and accents do not count: "cordoba" finds Córdoba, "islands" finds every island trip. */
export function matchesDestination(trip: Trip, to: string): boolean {
  const sought = plain(to);
  return [trip.title, trip.place, trip.country, trip.region].some((name) =>
    plain(name).includes(sought),
  );
}

const scoreOfMatch = 100;
const scoreOfSeason = 10;

function matchScore(trip: Trip, all: readonly Trip[], { to, month }: Criteria): number {
  const season = month !== null && isInSeason(trip.bestMonths, month) ? scoreOfSeason : 0;
  if (to === '') return season;
  if (matchesDestination(trip, to)) return scoreOfMatch + season;
  const sought = all.filter((other) => matchesDestination(other, to));
  const nearest = Math.max(0, ...sought.map((other) => likeness(trip, other)));
  return season + nearest;
}

function likeness(a: Trip, b: Trip): number {
  const sharedThemes = a.themes.filter((theme) => b.themes.includes(theme)).length;
  const sharedRegion = a.region === b.region ? 3 : 0;
  const priceRatio = Math.min(a.priceEur, b.priceEur) / Math.max(a.priceEur, b.priceEur);
  return 2 * sharedThemes + sharedRegion + priceRatio;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase();
}
