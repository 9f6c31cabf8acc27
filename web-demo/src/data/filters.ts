import { nightsOf } from './itineraries';
import { themes, type Theme, type Trip } from './trip';

export const stays = {
  any: { label: 'Any', nightsMin: 0, nightsMax: Infinity },
  short: { label: 'Up to 5 nights', nightsMin: 0, nightsMax: 5 },
  week: { label: '6 or 7', nightsMin: 6, nightsMax: 7 },
  long: { label: '8 or more', nightsMin: 8, nightsMax: Infinity },
} as const;
export type Stay = keyof typeof stays;

export const orders = {
  match: 'Best match',
  price: 'Lowest price',
  nights: 'Shortest stay',
} as const;
export type Order = keyof typeof orders;

export interface Filters {
  priceMinEur: number;
  priceMaxEur: number;
  stay: Stay;
  /** A trip must have all of them. */
  themes: readonly Theme[];
  order: Order;
}

export const noFilters: Filters = {
  priceMinEur: 0,
  priceMaxEur: Infinity,
  stay: 'any',
  themes: [],
  order: 'match',
};

/** How many are not as they were. */
export function countChoices(filters: Filters): number {
  const { priceMinEur, priceMaxEur, stay, themes, order } = filters;
  const isChosen = [
    priceMinEur !== noFilters.priceMinEur,
    priceMaxEur !== noFilters.priceMaxEur,
    stay !== noFilters.stay,
    order !== noFilters.order,
  ];
  return themes.length + isChosen.filter(Boolean).length;
}

export function readFilters(form: FormData): Filters {
  const from = readPrice(form.get('price-from')) ?? noFilters.priceMinEur;
  const to = readPrice(form.get('price-to')) ?? noFilters.priceMaxEur;
  const chosen = new Set(form.getAll('theme'));
  return {
    priceMinEur: Math.min(from, to),
    priceMaxEur: Math.max(from, to),
    stay: keyOf(stays, form.get('stay')) ?? noFilters.stay,
    themes: themes.filter((theme) => chosen.has(theme)),
    order: keyOf(orders, form.get('order')) ?? noFilters.order,
  };
}

export function passes(trip: Trip, filters: Filters): boolean {
  const { nightsMin, nightsMax } = stays[filters.stay];
  const nights = nightsOf(trip.id);
  return (
    filters.priceMinEur <= trip.priceEur &&
    trip.priceEur <= filters.priceMaxEur &&
    nightsMin <= nights &&
    nights <= nightsMax &&
    filters.themes.every((theme) => trip.themes.includes(theme))
  );
}

function readPrice(entry: FormDataEntryValue | null): number | null {
  if (typeof entry !== 'string' || entry === '') return null;
  const price = Number(entry);
  return Number.isFinite(price) && price >= 0 ? price : null;
}

function keyOf<T extends object>(choices: T, entry: FormDataEntryValue | null): keyof T | null {
  return typeof entry === 'string' && Object.hasOwn(choices, entry) ? (entry as keyof T) : null;
}
