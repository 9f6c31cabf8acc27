// Calls both implementations in a browser of plain objects, and lets the same happen to both.
const [oursPath, theirsPath] = process.argv.slice(-2);
const VISITS = 150;
const STEPS = 120;

/** Small, fast and repeatable: mulberry32. */
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Entry {
  constructor(properties) {
    Object.assign(this, properties);
  }
}
globalThis.PerformanceEventTiming = class extends Entry {};
PerformanceEventTiming.prototype.interactionId = 0;
globalThis.PerformanceNavigationTiming = class extends Entry {};
globalThis.PerformanceSoftNavigation = class extends Entry {
  getLargestInteractionContentfulPaint() {
    return this.largest ?? null;
  }
};
const TYPES = ['event', 'first-input', 'interaction-contentful-paint', 'largest-contentful-paint', 'layout-shift', 'long-animation-frame', 'paint', 'resource', 'soft-navigation', 'visibility-state'];
let observers, listeners, later, clock, navigation, resources;

globalThis.PerformanceObserver = class {
  static supportedEntryTypes = TYPES;
  types = [];
  constructor(action) {
    this.action = action;
    observers.push(this);
  }
  observe({ type }) {
    this.types.push(type);
  }
  disconnect() {
    this.types = [];
  }
  takeRecords() {
    return [];
  }
};
globalThis.performance = {
  now: () => clock,
  interactionCount: 0,
  getEntriesByType: (type) => ({ navigation: [navigation], resource: resources })[type] ?? [],
};
const document_ = { nodeType: 9 };
globalThis.document = { visibilityState: 'visible', prerendering: false, readyState: 'complete' };
globalThis.addEventListener = (type, action, options) => (listeners[type] ??= new Map()).set(action, options);
globalThis.removeEventListener = (type, action) => listeners[type]?.delete(action);
globalThis.requestIdleCallback = (action) => later.push(action);
globalThis.cancelIdleCallback = (handle) => delete later[handle - 1];
globalThis.requestAnimationFrame = (action) => later.push(action);

function begin() {
  [observers, listeners, later, clock, resources] = [[], {}, [], 1000, []];
  const loading = { responseStart: 100.1, domInteractive: 200, domContentLoadedEventStart: 300, domComplete: 400 };
  const request = { workerStart: 0, fetchStart: 3, domainLookupStart: 10, connectStart: 20.3, connectEnd: 40 };
  const type = 'navigate';
  navigation = new PerformanceNavigationTiming({ entryType: 'navigation', name: 'https://a/', type, activationStart: 0, navigationId: 1, ...loading, ...request });
  document.visibilityState = 'visible';
  performance.interactionCount = 0;
}

const settle = () => new Promise((settled) => setTimeout(settled));

/** What the browser notices at the same time goes to each observer in one list. */
async function deliver(...entries) {
  for (const { types, action } of [...observers]) {
    const wanted = entries.filter(({ entryType }) => types.includes(entryType));
    if (wanted.length) action({ getEntries: () => [...wanted] });
  }
  await Promise.resolve();
}

function dispatch(type, properties) {
  for (const [action, options] of [...(listeners[type] ?? [])]) {
    if (options.once) listeners[type].delete(action);
    action({ type, timeStamp: clock, isTrusted: true, ...properties });
  }
}

function beIdle() {
  for (const action of later.splice(0)) action?.({});
}

/** Everything that can happen, as one step each. */
function happenings(random) {
  const upTo = (limit) => Math.floor(random() * limit);
  const some = (limit, make) => Array.from({ length: 1 + upTo(limit) }, make);
  const node = () => [null, { nodeType: 1, nodeName: 'P', id: ['', 'a', 'b'][upTo(3)], classList: ['z', 'y'], parentNode: document_ }][upTo(2)];
  let id = 7000;
  let navigationId = 1;
  let lastPaint = 500;

  const interaction = () => {
    if (upTo(3)) {
      id += 7;
      performance.interactionCount += 1;
    }
    return upTo(4) ? id - 7 * upTo(3) : 0;
  };
  const event = () => {
    // What is reported together has just been painted.
    const duration = 8 * (2 + upTo(40));
    const startTime = clock - duration + upTo(8) - 4;
    const processingStart = startTime + upTo(duration);
    const [name, entryType] = [['keydown', 'pointerup', 'click'][upTo(3)], upTo(12) ? 'event' : 'first-input'];
    const times = { startTime, duration, processingStart, processingEnd: processingStart + upTo(120) };
    return Object.assign(new PerformanceEventTiming(), { entryType, name, interactionId: interaction(), target: node(), ...times });
  };
  const longFrame = () => {
    const duration = 50 + upTo(200);
    const startTime = clock + random();
    clock += duration + 1;
    const scripts = Array.from({ length: upTo(4) }, () => new Entry({ startTime: startTime + upTo(duration), duration: upTo(80), forcedStyleAndLayoutDuration: upTo(20) }));
    return new Entry({ entryType: 'long-animation-frame', startTime, duration, styleAndLayoutStart: startTime + duration - upTo(20), scripts });
  };
  const shift = () => {
    const sources = upTo(4) ? some(2, () => ({ node: node() })) : [];
    return new Entry({ entryType: 'layout-shift', startTime: clock, duration: 0, value: random() / 4, hadRecentInput: !upTo(5), sources });
  };
  const largest = () => {
    lastPaint = Math.max(lastPaint + 1, clock - upTo(20));
    const url = ['', 'https://a/photo.jpg'][upTo(2)];
    return new Entry({ entryType: 'largest-contentful-paint', startTime: lastPaint, renderTime: lastPaint, duration: 0, url, id: ['', 'c'][upTo(2)], element: node() });
  };
  const paintOfInteraction = (interactionId) =>
    new Entry({ entryType: 'interaction-contentful-paint', startTime: clock - 50, duration: 0, interactionId, largestContentfulPaint: upTo(5) ? largest() : undefined });
  const resource = () => new Entry({ entryType: 'resource', name: 'https://a/photo.jpg', startTime: clock - 200, requestStart: upTo(2) && clock - 190, responseEnd: clock - upTo(100), duration: 100 });
  const softNavigation = () => {
    navigationId += 1;
    const largest = upTo(4) ? paintOfInteraction(id) : undefined;
    return new PerformanceSoftNavigation({ entryType: 'soft-navigation', name: `https://a/${navigationId}`, startTime: clock - 50, duration: 0, navigationId, interactionId: id, presentationTime: clock - upTo(20), largest });
  };

  return {
    idle: beIdle,
    wait: () => (clock += upTo(1500)),
    events: () => deliver(...some(4, event)),
    moreEvents: () => deliver(...some(4, event)),
    longFrames: () => deliver(...some(3, longFrame)),
    shifts: () => deliver(...some(3, shift)),
    paint: () => deliver(new Entry({ entryType: 'paint', name: 'first-contentful-paint', startTime: clock - 10, duration: 0 })),
    largest: () => deliver(...some(2, largest)),
    paintOfInteraction: () => deliver(paintOfInteraction(id)),
    resource: () => {
      const entry = resource();
      if (upTo(2)) resources.push(entry);
      return deliver(entry);
    },
    softNavigation: () => upTo(3) || deliver(softNavigation()),
    click: () => upTo(3) || dispatch('click'),
    hide() {
      document.visibilityState = 'hidden';
      dispatch('visibilitychange');
    },
    show() {
      document.visibilityState = 'visible';
      dispatch('visibilitychange');
    },
    restore: () => upTo(4) || dispatch('pageshow', { persisted: true }),
  };
}

async function visit(seed) {
  begin();
  const random = randomFrom(seed);
  const theirs = await import(`${theirsPath}?${seed}`);
  const ours = await import(`${oursPath}?${seed}`);
  const calls = [false, true].map((reportAllChanges) => {
    const options = { reportAllChanges, reportSoftNavs: random() < 0.7, includeProcessedEventEntries: random() < 0.5 };
    const lists = { ours: [], theirs: [] };
    for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) {
      theirs[`on${name}`](note(lists.theirs), options);
      ours[`on${name}`](note(lists.ours), options);
    }
    return lists;
  });
  await settle();

  const happening = happenings(random);
  const names = Object.keys(happening);
  const story = [];
  for (let step = 0; step < STEPS; step += 1) {
    const name = names[Math.floor(random() * names.length)];
    story.push(name);
    clock += 20;
    await happening[name]();
    await settle();
    const found = calls.flatMap(({ ours, theirs }, index) => differencesOf(ours, theirs, `${index}`));
    if (found.length) throw new Error(`visit ${seed}: ${story.slice(-12).join(', ')}\n${found.join('\n')}`);
  }
  return calls.reduce((sum, { ours }) => sum + ours.length, 0);
}

let callbacks = 0;
for (let seed = 1; seed <= VISITS; seed += 1) callbacks += await visit(seed);
if (callbacks < VISITS * 10) throw new Error(`only ${callbacks} callbacks`);
console.log(`${callbacks} callbacks in ${VISITS} visits are equal`);
