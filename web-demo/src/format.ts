const locale = 'en-GB';

const euros = new Intl.NumberFormat(locale, {
  style: 'currency',
  currency: 'EUR',
  maximumFractionDigits: 0,
});
const monthName = new Intl.DateTimeFormat(locale, { month: 'long' });
const calendarDate = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const dayCount = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'day',
  unitDisplay: 'long',
});
const wholeNumber = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const plural = new Intl.PluralRules(locale);

export function formatEuros(amountEur: number): string {
  return euros.format(amountEur);
}

/** `month` counts from 1, as people do. */
export function formatMonth(month: number): string {
  return monthName.format(new Date(2000, month - 1, 1));
}

export function formatDateRange(from: Date, to: Date): string {
  return calendarDate.formatRange(from, to);
}

export function formatDays(days: number): string {
  return dayCount.format(days);
}

/** Days of a trip, counted from 1: "Day 4", "Days 1–3". */
export function formatDaySpan(first: number, last: number): string {
  return first === last ? `Day ${first}` : `Days ${wholeNumber.formatRange(first, last)}`;
}

export function formatCount(count: number, one: string, other: string): string {
  return `${count.toLocaleString(locale)} ${plural.select(count) === 'one' ? one : other}`;
}
