import { isInSeason, type Season } from './trip';

const saturday = 6;

/** The first Saturday after `today` in `month`, or in any month of the season if that is null. */
export function nextDeparture(season: Season, month: number | null, today: Date): Date {
  const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
  date.setDate(date.getDate() + ((saturday - date.getDay() + 7) % 7));
  const suits = (candidate: number) =>
    month === null ? isInSeason(season, candidate) : candidate === month;
  while (!suits(date.getMonth() + 1)) date.setDate(date.getDate() + 7);
  return date;
}

export function daysLater(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}
