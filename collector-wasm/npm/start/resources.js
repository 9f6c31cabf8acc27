/** The browser itself remembers only the first 250 resources of a document; web-vitals keeps as many of the latest. */
const KEPT_MAX = 50;

let latest = [];

/** Returns the entries that are of no resource. */
export function keepResources(entries) {
  const isResource = ({ entryType }) => entryType === 'resource';
  latest = latest.concat(entries.filter(isResource)).slice(-KEPT_MAX);
  return entries.filter((entry) => !isResource(entry));
}

/** Of that address, the newest last. */
export function resourcesAt(url) {
  return performance.getEntriesByName(url, 'resource').concat(latest.filter(({ name }) => name === url));
}
