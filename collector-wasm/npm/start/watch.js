import { guard } from './guard.js';
import { observe } from './read.js';

/** What the browser calls back, in the capture phase, before the page can stop it. The collector decides what it means. */
export function watch(collector, softNavigations) {
  const safely = (action) => (value) => guard(() => action(value));
  const delivered = [];
  const deliver = safely(() => collector.onEntries(delivered.splice(0)));
  // Safari before 26.2 delivers the past within `observe`, while the collector still waits for it.
  const observer = new PerformanceObserver((list) => {
    delivered.push(...list.getEntries());
    queueMicrotask(deliver);
  });
  const unlisten = [
    listen(window, 'visibilitychange', safely(({ timeStamp }) => {
      if (document.hidden) collector.onHidden(timeStamp);
    })),
    listen(window, 'pageshow', safely(({ persisted, timeStamp }) => {
      if (persisted) collector.onRestored(timeStamp);
    })),
    listen(document, 'prerenderingchange', safely(collector.begin)),
  ];
  let frame;

  return {
    observe: (...wanted) => observe(observer, softNavigations, ...wanted),
    takeRecords: () => delivered.splice(0).concat(observer.takeRecords()),

    /** What is restored is painted between one frame and the next. */
    afterPaint() {
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(safely(() => collector.onRestoredPaint()));
      });
    },

    unwatch() {
      observer.disconnect();
      unlisten.forEach((end) => end());
      cancelAnimationFrame(frame);
    },
  };
}

/** Returns how to end it. */
export function listen(target, kind, action) {
  target.addEventListener(kind, action, true);
  return () => target.removeEventListener(kind, action, true);
}
