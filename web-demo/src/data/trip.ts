import type { TripId } from './trips';

export const themes = ['sea', 'mountains', 'city', 'food', 'wildlife', 'rail'] as const;
export type Theme = (typeof themes)[number];

export const themeNames: Record<Theme, string> = {
  sea: 'Sea',
  mountains: 'Mountains',
  city: 'City',
  food: 'Food',
  wildlife: 'Wildlife',
  rail: 'By rail',
};

export type Region =
  | 'Southern Europe'
  | 'Central Europe'
  | 'The Alps'
  | 'Nordic countries'
  | 'British Isles'
  | 'Atlantic islands'
  | 'North Africa'
  | 'Further afield';

export type SceneKind =
  | 'city'
  | 'coast'
  | 'desert'
  | 'fjord'
  | 'forest'
  | 'hills'
  | 'islands'
  | 'peaks';
export type PaletteName = 'dawn' | 'dusk' | 'meadow' | 'noon' | 'north' | 'sand';

/** The months in which a trip is at its best, 1 to 12; `first` > `last` spans the new year. */
export interface Season {
  first: number;
  last: number;
}

export interface TripFacts {
  id: string;
  title: string;
  place: string;
  country: string;
  region: Region;
  summary: string;
  themes: readonly Theme[];
  bestMonths: Season;
  /** For one person, all nights and local travel included. */
  priceEur: number;
  scene: { kind: SceneKind; palette: PaletteName };
}

export interface Trip extends TripFacts {
  id: TripId;
}

export function isInSeason({ first, last }: Season, month: number): boolean {
  return first <= last ? first <= month && month <= last : month >= first || month <= last;
}
