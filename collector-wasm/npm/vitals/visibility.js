/** When the page was hidden: what is painted after that, nobody waited for. */
import { onRestored } from './lifecycle.js';
import { activationStart } from './navigation.js';

/** Infinite for not yet; absent before anybody has asked. */
let hiddenAt;
const hiddenActions = new Set();

export function firstHidden() {
  watch();
  return hiddenAt;
}

/** Acts whenever the page is hidden. */
export function onHidden(action) {
  watch();
  hiddenActions.add(action);
}

/** For the largest paint of a soft navigation it does not matter what was before. */
export function forgetHidden() {
  hiddenAt = Infinity;
}

/** Watches from the first question on, and looks back. */
export function watch() {
  if (hiddenAt !== undefined) return;
  hiddenAt = hiddenBefore() ?? hiddenNow();
  addEventListener('visibilitychange', onChange, true);
  addEventListener('prerenderingchange', onChange, true);
  // When the page comes back, its visibility is not told yet.
  onRestored(() => setTimeout(() => (hiddenAt = hiddenNow())));
}

function hiddenBefore() {
  if (document.prerendering) return undefined;
  const since = activationStart();
  const states = performance.getEntriesByType('visibility-state');
  return states.find(({ name, startTime }) => name === 'hidden' && startTime >= since)?.startTime;
}

/** A hidden page was always hidden, as far as anybody knows; a prerendered one is not hidden yet. */
const hiddenNow = () => (isHidden() && !document.prerendering ? 0 : Infinity);
const isHidden = () => document.visibilityState === 'hidden';

function onChange({ type, timeStamp }) {
  if (!isHidden()) return;
  const isLeft = type === 'visibilitychange';
  if (isLeft) hiddenActions.forEach((action) => action());
  if (isFinite(hiddenAt)) return;
  // A page that is activated while it is hidden was opened in the background.
  hiddenAt = isLeft ? timeStamp : 0;
  removeEventListener('prerenderingchange', onChange, true);
}
