import { early } from './early.js';
import { guard } from './guard.js';
import { inOrder, observe, readEntry, readScript } from './read.js';
import { keepResources } from './resources.js';

/** What the browser calls back, in the capture phase, before the page can stop it. The collector decides what it means. */
export function watch(collector, { softNavigations, generateTarget, url }, onEntry, onHidden) {
  const safely = (action) => (value) => guard(() => action(value));
  const delivered = [];
  const put = (entries) => delivered.push(...inOrder(keepResources(entries)));
  const deliver = safely(collector.onEntries);
  // Safari before 26.2 delivers the past within `observe`, while the collector still waits for it.
  const observer = new PerformanceObserver((list) => {
    put(list.getEntries());
    if (delivered.length) queueMicrotask(deliver);
  });
  const unlisten = [
    listen(window, 'visibilitychange', safely((event) => {
      // What it knows is asked for again when measuring was stopped and begins anew.
      early?.handleEvent?.(event);
      if (!document.hidden) return;
      collector.onHidden(event.timeStamp);
      onHidden();
    })),
    listen(window, 'pageshow', safely(({ persisted, timeStamp }) => {
      if (!persisted) return;
      collector.onRestored(timeStamp, performance.interactionCount);
      // What is restored is painted between one frame and the next.
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(safely(() => collector.onRestoredPaint(performance.now())));
      });
    })),
    listen(document, 'prerenderingchange', safely(collector.begin)),
  ];
  let frame;

  return {
    observe: (...wanted) => observe(observer, softNavigations, ...wanted),

    /** Leaves here the entry, while it is looked at, and what it is about. */
    readEntry(into) {
      if (!delivered.length) put(observer.takeRecords());
      const entry = (this.entry = delivered.shift());
      if (!entry) return false;
      onEntry();
      this.about = guard(() => readEntry(entry, generateTarget, url, into));
      return true;
    },

    readScript(index, into) {
      this.about = guard(() => readScript(this.entry, index, url, into));
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
