/** What the browser tells, as numbers and texts. The only place that knows the names of properties; each way between wasm and JavaScript has its price, so whatever is told is told at once. What is absent is NaN. */
import { about } from './about.js';
import { early } from './early.js';
import { resourcesAt } from './resources.js';

/** By entry type, in the order of `entries.rs`: what an entry tells besides its start and duration. */
const DETAILS = {
  'paint': (entry) => [entry.name === 'first-contentful-paint'],
  'largest-contentful-paint': resourceTimes,
  'layout-shift': (entry) => [entry.value, entry.hadRecentInput, entry.sources?.length],
  'event': eventTimes,
  'first-input': eventTimes,
  'soft-navigation': (entry) => [
    entry.interactionId,
    entry.presentationTime || entry.paintTime,
    performance.interactionCount,
    ...paintTimes(largestPaintOf(entry)),
  ],
  'interaction-contentful-paint': paintTimes,
  'long-animation-frame': (entry) => [entry.styleAndLayoutStart, entry.scripts.length],
};
const TYPES = Object.keys(DETAILS);

/** From this width of the shorter side (CSS pixels) a touch screen is a tablet: Android's own line. */
const TABLET_WIDTH_MIN = 600;

const SOFT_TYPES = ['soft-navigation', 'interaction-contentful-paint'];

/** Route changes are known in the shape that they were shipped in, and only of whole pages: a frame has none. */
export const noticesRoutes = () =>
  top === self && globalThis.PerformanceSoftNavigation?.prototype.getLargestInteractionContentfulPaint;

/** Entry types that the browser does not know would print a warning on the page's console. */
export function observe(observer, softNavigations, buffered, eventDurationMin) {
  const { supportedEntryTypes = [] } = PerformanceObserver;
  const isWanted = (type) =>
    supportedEntryTypes.includes(type) &&
    (!SOFT_TYPES.includes(type) || (softNavigations && noticesRoutes()));
  // Where the browser does not count interactions, every one is looked at for its id.
  const durationThreshold = performance.interactionCount >= 0 ? eventDurationMin : 0;
  for (const type of [...TYPES, 'resource'].filter(isWanted)) {
    try {
      observer.observe({ type, buffered, durationThreshold });
    } catch {
      // What one type refuses, the others may give.
    }
  }
  return isWanted('layout-shift');
}

/** In the order in which they ended: what a route change led to then stands behind it. */
export function inOrder(entries) {
  return entries.sort((a, b) => a.startTime + a.duration - b.startTime - b.duration);
}

/** Returns what the entry is about, if anybody will want to know. */
export function readEntry(entry, generateTarget, scrub, into) {
  const { entryType, startTime, duration, hadRecentInput, interactionId } = entry;
  into.set([TYPES.indexOf(entryType), startTime, duration, ...DETAILS[entryType](entry)]);
  const isNoInteraction = interactionId === 0;
  return hadRecentInput || isNoInteraction ? '' : about(paintOf(entry) ?? entry, generateTarget, scrub);
}

/** One script of a long animation frame. */
export function readScript({ scripts }, index, scrub, into) {
  const { startTime, duration, forcedStyleAndLayoutDuration } = scripts[index];
  into.set([startTime, duration, forcedStyleAndLayoutDuration]);
  return about(scripts[index], undefined, scrub);
}

function eventTimes({ name, interactionId, processingStart, processingEnd }) {
  return [interactionId, processingStart, processingEnd, name.startsWith('key')];
}

/** Of a route change its largest paint until the browser noticed. */
const largestPaintOf = (entry) => entry.getLargestInteractionContentfulPaint?.() ?? entry;
const paintOf = (entry) => largestPaintOf(entry).largestContentfulPaint;

function paintTimes(entry) {
  const paint = paintOf(entry);
  return paint ? [entry.startTime, entry.interactionId, paint.renderTime, ...resourceTimes(paint)] : [];
}

/** When the resource of a paint was asked for, and when it was there; nothing for text, and when nobody remembers. */
function resourceTimes({ url, startTime }) {
  const begin = (entry) => entry.requestStart || entry.startTime;
  const entry = resourcesAt(url)
    .filter((entry) => begin(entry) <= startTime)
    .at(-1);
  return entry ? [begin(entry), entry.responseEnd] : [];
}

/** How the document was loaded; in the order of `document.rs`. */
export function readDocument(into) {
  const entry = navigationEntry();
  const { activationStart = 0, responseStart, workerStart, fetchStart } = entry ?? {};
  into.set([
    responseStart,
    activationStart,
    workerStart || fetchStart,
    entry?.domainLookupStart,
    entry?.connectStart,
    entry?.connectEnd,
    firstHidden(activationStart),
    document.hidden,
    navigationType(entry, activationStart),
    // Phone, tablet, desktop, by touch and size: the server, which sees the client hints, may know better.
    matchMedia('(pointer: coarse)').matches ? +(Math.min(screen.width, screen.height) >= TABLET_WIDTH_MIN) : 2,
    ['slow-2g', '2g', '3g', '4g'].indexOf(navigator.connection?.effectiveType),
  ]);
}

/** The time, and how far the document is loaded by now. */
export function readProgress(into) {
  const { domInteractive, domContentLoadedEventStart, domComplete } = navigationEntry() ?? {};
  into.set([
    performance.now(),
    performance.interactionCount,
    document.readyState === 'loading',
    domInteractive,
    domContentLoadedEventStart,
    domComplete,
  ]);
}

/** Some browsers report a first byte of 0 or one that lies in the future. */
export function navigationEntry() {
  const [entry] = performance.getEntriesByType('navigation');
  return entry?.responseStart > 0 && entry.responseStart < performance.now() ? entry : undefined;
}

/** When the page was hidden for the first time before the collector was there to see it. */
function firstHidden(since) {
  const hidden = performance
    .getEntriesByType('visibility-state')
    .find(({ name, startTime }) => name === 'hidden' && startTime >= since);
  if (hidden) return hidden.startTime;
  if (early?.hiddenAt >= since) return early.hiddenAt;
  return document.hidden ? 0 : Infinity;
}

/** An index of the beacon's words, told apart as web-vitals does. */
function navigationType(entry, activationStart) {
  const words = ['navigate', 'reload', 'back_forward', 'back_forward_cache', 'prerender', 'restore'];
  const word = activationStart > 0 ? 'prerender' : document.wasDiscarded ? 'restore' : entry?.type;
  return Math.max(words.indexOf(entry && word), 0);
}
