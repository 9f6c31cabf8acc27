/** How the document came to be. */
import { loadState } from './machines.js';

/** Some browsers report a first byte of 0 or one that lies in the future. */
export function navigationEntry() {
  const [entry] = performance.getEntriesByType('navigation');
  return entry?.responseStart > 0 && entry.responseStart < performance.now() ? entry : undefined;
}

export const activationStart = () => navigationEntry()?.activationStart ?? 0;

/** How far the document was loaded at a time. */
export function loadStateAt(time) {
  const { domInteractive, domContentLoadedEventStart, domComplete } = navigationEntry() ?? {};
  const isLoading = document.readyState === 'loading';
  return loadState(time, isLoading, domInteractive, domContentLoadedEventStart, domComplete);
}

/** A restore from the back/forward cache comes first, as long as nothing says otherwise. */
export function navigationType(isRestored) {
  const entry = navigationEntry();
  if (isRestored) return 'back-forward-cache';
  if (!entry) return 'navigate';
  if (document.prerendering || activationStart() > 0) return 'prerender';
  if (document.wasDiscarded) return 'restore';
  return entry.type ? entry.type.replaceAll('_', '-') : 'navigate';
}
