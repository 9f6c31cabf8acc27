/** When to measure, and when to report. */

/** Longer than this nothing waits for an idle page. */
const IDLE_DELAY_MAX_MS = 1000;

const CAPTURE = true;

/** Now, or when a prerendered page is shown. */
export function whenActivated(action) {
  if (document.prerendering) addEventListener('prerenderingchange', action, CAPTURE);
  else action();
}

/** When the page is idle, at the latest when it is hidden. */
export function whenIdleOrHidden(action) {
  if (document.visibilityState === 'hidden') {
    action();
    return;
  }
  const [request, cancel, timeout] = globalThis.requestIdleCallback
    ? [requestIdleCallback, cancelIdleCallback, IDLE_DELAY_MAX_MS]
    : [setTimeout, clearTimeout, 0];
  const onHidden = () => {
    cancel(handle);
    action();
  };
  addEventListener('visibilitychange', onHidden, { once: true, capture: CAPTURE });
  const onIdle = () => {
    removeEventListener('visibilitychange', onHidden, CAPTURE);
    action();
  };
  // Where nobody knows idle pages, the options are no delay.
  const handle = request(onIdle, timeout ? { timeout } : 0);
}

let lastRestore = -1;

/** When the page came back from the back/forward cache for the last time; -1 for never. */
export const restoredAt = () => lastRestore;

export function onRestored(action) {
  const onShow = ({ persisted, timeStamp }) => {
    if (!persisted) return;
    lastRestore = timeStamp;
    action(timeStamp);
  };
  addEventListener('pageshow', onShow, CAPTURE);
}

/** What comes back is painted between one frame and the next. */
export function afterPaint(action) {
  requestAnimationFrame(() => requestAnimationFrame(() => action()));
}
