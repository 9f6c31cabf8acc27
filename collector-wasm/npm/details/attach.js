import { ENVELOPE_BYTES_MAX, envelope } from './envelope.js';
import { watchErrors } from './errors.js';
import { makeMachine } from './machine.js';
import { watchMemory } from './memory.js';
import { pack, packed } from './packing.js';
import { forgetStacks, watchProfile } from './profile.js';
import { EVENT_DURATION_MIN_MS, isWanted, tell, timeOf, types } from './read.js';
import { sectionsOf } from './told.js';

/** A younger entry may be of a page view that the browser has not noticed yet: it does when a route change has been painted. */
const HOLD_MS = 5000;
/** Until a visitor does anything, or the address changes, no such page view begins: what has come is told soon, and not when the page is left. */
const SOON_MS = 500;
/** Of a task, while the page has nothing else to do. */
const SLICE_MS = 8;
/** Of what is told before a beacon leaves, and of a task of a hidden page, whose timers browsers let wait for a second. */
const LAST_SLICE_MS = 20;
/** Entries that wait to be told; what is one too many is not. */
const WAITING_MAX = 5000;
/** Samples alone make no beacon for so long: there are some whenever the page does anything. */
const SAMPLES_REST_MS = 60_000;
/** With its details. */
const BEACON_BYTES_MAX = 48 * 1024;

/** What adds details up; absent until it is compiled. */
let machine;
let making;
/** When the page view began that it knows of; 0 for the document's. */
let begunAt = 0;
/** So many have begun: what belongs to an earlier one is told by nobody. */
let pageViews = 0;
/** Where the page was when the last one began. */
let address;
/** Until then it knows all: a collector that was stopped goes on with the same page view. */
let knownUntil = -Infinity;

/** Puts details behind the beacons of a collector that runs: `page` is what its wasm asks, `collector` what that exports, `guard` keeps what fails from the page. */
export function attach(page, collector, { url: scrub, ingestUrl, details }, guard) {
  if (page.detach) return;
  const { send, sendLater, enter } = page;
  let waiting = [];
  /** Whether there is more than the last beacon says. */
  let isNews = false;
  let timer;
  let samplesRestUntil = 0;
  let hasProfile = false;
  /** Whether the last beacon, of a hidden page, had no time for all. */
  let isUnfinished = false;

  const observer = new PerformanceObserver((list) => guard(() => put(list.getEntries())));
  const tellNews = () => isNews && guard(collector.onNews);

  function put(entries) {
    const isNew = (entry) => entry.startTime + entry.duration > knownUntil && isOfPageView(entry);
    const wanted = entries
      .slice(0, WAITING_MAX - waiting.length)
      .filter((entry) => isWanted(entry, ingestUrl) && isNew(entry));
    if (!wanted.length) return;
    waiting = waiting.concat(wanted);
    if (areNews(wanted)) {
      isNews = true;
      tellNews();
    }
    timer ??= setTimeout(takeWhenIdle, holdMs() || SOON_MS);
  }

  /** When the page view began. */
  const origin = () => begunAt || activationStart();

  /** What is known later is of the page view that was looked at. */
  const memory = watchMemory(() => {
    const of = pageViews;
    return (isPage, bytes) => {
      if (of === pageViews) machine?.addMemory(isPage, bytes, performance.now() - origin());
    };
  });

  const areNews = (entries) =>
    entries.some(({ entryType }) => entryType !== 'sample' || performance.now() > samplesRestUntil);

  /** They come a moment after the page was hidden. */
  const profile = watchProfile(details, guard, (samples) => {
    put(samples);
    hasProfile ||= samples.length > 0;
    if (!document.hidden || !areNews(samples)) return;
    take(Infinity, LAST_SLICE_MS);
    packProfile(() => {
      collector.flush();
      samplesRestUntil = performance.now() + SAMPLES_REST_MS;
    });
  });

  /** As the machine knows it by now. */
  async function packProfile(next) {
    if (hasProfile && machine) await guard(() => pack(sectionsOf(machine, BEACON_BYTES_MAX)));
    guard(next);
  }

  const isOfPageView = (entry) => timeOf(entry) >= (begunAt || -Infinity);

  function takeWhenIdle() {
    whenIdle(() => {
      const before = performance.now() - holdMs();
      guard(() => take(before, document.hidden ? LAST_SLICE_MS : SLICE_MS));
      const isLate = !document.prerendering && waiting.some((entry) => timeOf(entry) < before);
      timer = waiting.length ? setTimeout(takeWhenIdle, isLate && machine ? 0 : holdMs() || SOON_MS) : undefined;
      if (!timer) packProfile(finish);
    });
  }

  /** What was left makes one more beacon; what comes later does not, for a hidden page may go on asking for things. */
  function finish() {
    if (!isUnfinished || !document.hidden) return;
    isUnfinished = false;
    collector.flush();
  }

  /** Tells the machine what happened before a time, as far as it gets. When a prerendered page view begins is known when it is shown. */
  function take(before, sliceMs) {
    if (!machine || document.prerendering) return;
    const until = performance.now() + sliceMs;
    const about = { scrub, origin: origin() };
    waiting = waiting.filter((entry) => {
      if (timeOf(entry) >= before || performance.now() > until) return true;
      guard(() => tell(machine, entry, about));
    });
  }

  function withDetails(bytes, before, sliceMs) {
    put(observer.takeRecords());
    take(before, sliceMs);
    if (!machine) return bytes;
    // While a soft navigation is handled, it is the next page view that is seen.
    if (!page.entry) memory.look();
    const sections = packed(sectionsOf(machine, BEACON_BYTES_MAX - ENVELOPE_BYTES_MAX - bytes.length));
    return sections.length ? envelope(bytes, sections) : bytes;
  }

  /** What waits is told by the next beacon. The collector takes no news while it makes one. */
  function onTold() {
    isNews = areNews(waiting);
    memory.onTold();
    queueMicrotask(tellNews);
  }

  /** The page view that goes on may be the one that is known. */
  function onEntered() {
    if (begunAt !== (page.begunAt || 0)) forget();
    begunAt = page.begunAt || 0;
    address = location.href;
    waiting = waiting.filter(isOfPageView);
    onTold();
    if (machine) memory.look();
  }

  /** What the browser had not told when the collector looked for news. */
  function onVisibility() {
    memory.onVisibility();
    if (!document.hidden) return;
    const { length } = waiting;
    put(observer.takeRecords());
    if (memory.isNews()) {
      isNews = true;
      tellNews();
    } else if (waiting.length === length) return;
    collector.flush();
  }
  const listener = () => {
    guard(onVisibility);
    profile.onVisibility();
  };

  onEntered();
  making ??= makeMachine().then((made) => (machine = made));
  making.then(
    () => {
      tellNews();
      guard(memory.look);
    },
    (error) =>
      guard(() => {
        throw error;
      }),
  );

  page.send = (bytes, sequence) => {
    // While a soft navigation is handled, it is the entry that is looked at.
    const before = page.entry?.startTime ?? Infinity;
    send(guard(() => withDetails(bytes, before, LAST_SLICE_MS)) ?? bytes, sequence, bytes);
    isUnfinished = document.hidden && waiting.length > 0;
    if (isUnfinished) {
      clearTimeout(timer);
      timer = setTimeout(takeWhenIdle);
    }
    onTold();
  };
  page.sendLater = (bytes) => {
    sendLater(guard(() => withDetails(bytes, performance.now() - holdMs(), SLICE_MS)) ?? bytes);
    queueMicrotask(tellNews);
  };
  page.enter = (into) => {
    enter.call(page, into);
    guard(onEntered);
  };
  page.forget = forget;
  page.detach = () => guard(detach);
  function detach() {
    page.detach = undefined;
    put(observer.takeRecords());
    observer.disconnect();
    unwatchErrors();
    memory.unwatch();
    pageViews++;
    profile.end();
    removeEventListener('visibilitychange', listener, true);
    clearTimeout(timer);
    take(Infinity, LAST_SLICE_MS);
    if (machine && !document.prerendering) knownUntil = performance.now();
    waiting = [];
  }

  addEventListener('visibilitychange', listener, true);
  memory.onVisibility();
  const unwatchErrors = watchErrors(page, put);
  for (const type of types()) {
    try {
      observer.observe({ type, buffered: true, durationThreshold: EVENT_DURATION_MIN_MS });
    } catch {
      // What one type refuses, the others may give.
    }
  }
  // The beacon of a page that is hidden already has none of them.
  isUnfinished = document.hidden;
}

function forget() {
  pageViews++;
  machine?.begin();
  forgetStacks();
  knownUntil = -Infinity;
}

/** Of a hidden page the last beacon has told what it could, whatever it may be of. The browser's own buttons activate nothing. */
const holdMs = () =>
  document.hidden || (navigator.userActivation?.hasBeenActive === false && location.href === address) ? 0 : HOLD_MS;

const whenIdle = (action) => (globalThis.requestIdleCallback ?? setTimeout)(action);

/** When a prerendered page was shown. */
function activationStart() {
  return performance.getEntriesByType('navigation')[0]?.activationStart ?? 0;
}
