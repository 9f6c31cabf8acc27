/** How much memory the page takes, where the browser tells. */
const EVERY_MS = 10_000;
/** What looks at the whole page takes long. */
const PAGE_EVERY_MS = 60_000;
/** What is told when the page is hidden, though there is no other news. */
const NEWS_BYTES = 1e6;
const NEWS_MS = 60_000;

/** Looks at it while the page is seen. `tellerOf` gives what is told whether it is the whole page, and bytes. */
export function watchMemory(tellerOf) {
  let timer;
  let askedAt = -Infinity;
  let seen;
  let told;

  function look() {
    const tell = tellerOf();
    const now = performance.now();
    if (!globalThis.crossOriginIsolated || !performance.measureUserAgentSpecificMemory) {
      seen = performance.memory?.usedJSHeapSize;
      if (seen > 0) tell(false, seen);
    } else if (now - askedAt >= PAGE_EVERY_MS) {
      askedAt = now;
      performance.measureUserAgentSpecificMemory().then(
        ({ bytes }) => tell(true, (seen = bytes)),
        () => {},
      );
    }
  }

  return {
    look,
    onTold: () => (told = { bytes: seen, at: performance.now() }),
    isNews: () => seen - told?.bytes >= NEWS_BYTES && performance.now() - told.at >= NEWS_MS,
    /** A page that is hidden is left alone. */
    onVisibility() {
      clearInterval(timer);
      if (!document.hidden) timer = setInterval(look, EVERY_MS);
    },
    unwatch: () => clearInterval(timer),
  };
}
