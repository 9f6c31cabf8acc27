/** How resources were loaded: the browser itself remembers only the first 250. */
import { observe } from './observe.js';

const KEPT_MAX = 50;

let keptMax = KEPT_MAX;
const latest = [];

if (typeof document !== 'undefined') {
  observe(['resource'], (entries) => {
    for (const entry of entries) {
      latest.push(entry);
      if (latest.length > keptMax) latest.shift();
    }
  });
}

/** Remembers so many of the latest; nothing asked is nothing changed. */
export function keepResources(count) {
  keptMax = count ?? keptMax;
}

/** When the resource was asked for, as far as its server lets us know. */
export const requestStart = ({ requestStart, startTime }) => requestStart || startTime;

/** The resource of a paint: the last of that address which was asked for before. */
export function resourceOf({ url, startTime }) {
  if (!url) return undefined;
  const isIt = (entry) => entry.name === url && requestStart(entry) <= startTime;
  return latest.findLast(isIt) ?? performance.getEntriesByType('resource').findLast(isIt);
}
