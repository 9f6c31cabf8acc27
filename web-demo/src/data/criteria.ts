/** What the search form asked for, as it stands in the address. */
export interface Criteria {
  /** As typed; empty means anywhere. */
  to: string;
  /** 1 to 12; null means any month. */
  month: number | null;
  travellers: number;
}

export const destinationLengthMax = 60;
export const travellersMax = 12;
const travellersUsual = 2;

/** Anything in the address that makes no sense is read as if it were absent. */
export function readCriteria(query: URLSearchParams): Criteria {
  return {
    to: (query.get('to') ?? '').trim().slice(0, destinationLengthMax),
    month: wholeNumberUpTo(12, query.get('month')),
    travellers: wholeNumberUpTo(travellersMax, query.get('travellers')) ?? travellersUsual,
  };
}

function wholeNumberUpTo(max: number, text: string | null): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= max ? number : null;
}
