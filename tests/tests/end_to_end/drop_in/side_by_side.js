// Calls web-vitals and `ours`, its replacement, side by side, and writes down every callback of both.
const theirs = window.webVitals;

// The clock stands still while the callbacks of a frame run: of what comes back from the back/forward cache the browser
// tells no paint, so that both read the clock there, and a busy machine lets any time go by between them.
const now = performance.now.bind(performance);
const request = window.requestAnimationFrame.bind(window);
let frame;
performance.now = () => frame ?? now();
window.requestAnimationFrame = (callback) => request((time) => {
  frame = time;
  try {
    callback(time);
  } finally {
    frame = undefined;
  }
});

const NAMES = ['CLS', 'FCP', 'INP', 'LCP', 'TTFB'];
const options = { reportSoftNavs: true, includeProcessedEventEntries: true, ...window.moreOptions };
const variants = [
  { ...options },
  { ...options, reportAllChanges: true },
  { ...options, reportAllChanges: true, durationThreshold: 0, generateTarget: (node) => node.id || undefined },
];

const calls = variants.map(() => ({ ours: [], theirs: [] }));

variants.forEach((variant, index) => {
  for (const name of NAMES) {
    theirs[`on${name}`](note(calls[index].theirs), variant);
    ours[`on${name}`](note(calls[index].ours), variant);
  }
});

/** All that differs between the two, in words. */
window.allDifferences = () => calls.flatMap(({ ours, theirs }, variant) => differencesOf(ours, theirs, variant));

/** Metrics and their page views that ours has reported, such as `LCP navigate`, and how often. */
window.reported = () => {
  const counts = {};
  for (const { at } of calls.flatMap(({ ours }) => ours)) {
    const key = `${at.name} ${at.navigationType}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
window.hasReported = (...names) => names.every((name) => calls[1].theirs.some(({ at }) => `${at.name} ${at.navigationType}` === name));
window.last = (name) => calls[1].ours.findLast(({ at }) => at.name === name)?.at;
window.dropIn = ours;
window.isReady = true;
