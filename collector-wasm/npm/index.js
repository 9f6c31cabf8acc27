import { finish, imports } from './glue.js';
import { guard, warn } from './start/guard.js';
import { recall } from './start/offline_queue.js';
import { page } from './start/page.js';
import { places } from './start/places.js';
import { forgetRenders, keepRender } from './start/renders.js';
import { watchAddress } from './start/routes.js';
import { forgetSession, isSampled, session } from './start/session.js';
import { settingsFrom, textOf } from './start/settings.js';
import { transport } from './start/transport.js';
import { watch } from './start/watch.js';

/** From a new value to the beacon that is left with the browser. */
const SEND_LATER_DELAY_MS = 2000;

const nothing = () => {};
/** Errors of the stub, and as many that were reported, wait for the details as texts: what they are about may be large. */
const REPORTED_MAX = 20;

/** What a server or an invalid call gets: everything may be called, nothing happens. */
const INERT = {
  setRoute: nothing,
  mark: nothing,
  measure: nothing,
  render: nothing,
  error: nothing,
  setConsent: nothing,
  flush: nothing,
  stop: nothing,
};

let loaded;
let running;

/** Begins to measure the page and returns at once; a page is measured once, so a second call returns the first one's handle. */
export function start(options) {
  if (typeof document === 'undefined') return INERT;
  return (running ??= guard(() => handle(settingsFrom(options)))) ?? INERT;
}

/** Tells whatever collector is running; none is, and nothing happens. */
export const render = (...commit) => running?.render(...commit);

/** waiting for consent → loading, for ever if there is nothing to measure with → measuring → stopped */
function handle(settings) {
  let phase = 'waiting';
  let named;
  let flushWhenLoaded;
  let measuring;

  const whileMeasuring = (action) => phase === 'measuring' && guard(action);
  const unlessEnded = (action) => (phase === 'loading' || phase === 'measuring') && guard(action);

  function load() {
    if (settings.sampleRate < 1 && !isSampled(settings.sampleRate, settings.session && session())) return;
    phase = 'loading';
    loaded ??= initialise();
    loaded
      .then((collector) => {
        if (phase !== 'loading') return;
        measuring = measure(collector, settings);
        phase = 'measuring';
        if (named !== undefined) measuring.setRoute(named);
        if (flushWhenLoaded) measuring.flush();
        const attachDetails = ({ attach }) => whileMeasuring(() => attach(page, collector, settings, guard));
        const loadDetails = () => whileMeasuring(() => withDetails(attachDetails));
        if (settings.details) (globalThis.requestIdleCallback ?? setTimeout)(loadDetails);
      })
      .catch((error) => {
        // The network may be back when the next one starts.
        loaded = undefined;
        // Whoever has ended it meanwhile wants nothing to be sent.
        const mayTell = () => phase === 'loading';
        withDetails(({ tellUnmeasured }) => tellUnmeasured(settings, mayTell)).then(() => warn(error));
      });
  }

  if (settings.consent) load();

  return {
    setRoute(route) {
      guard(() => (named = textOf(route) ?? ''));
      whileMeasuring(() => measuring.setRoute(named));
    },
    mark(name) {
      guard(() => performance.mark(name));
    },
    measure(name, duration) {
      guard(() => performance.measure(name, { end: performance.now(), duration }));
    },
    render(...commit) {
      unlessEnded(() => keepRender(...commit) && whileMeasuring(() => measuring.sendLater()));
    },
    error(error) {
      unlessEnded(
        () =>
          settings.details &&
          !page.reported[REPORTED_MAX - 1] &&
          page.reported.push([performance.now(), JSON.stringify(error, ['name', 'message', 'stack'])]),
      );
    },
    setConsent(isGiven) {
      if (isGiven) {
        if (phase === 'waiting') guard(load);
        return;
      }
      whileMeasuring(() => measuring.stop());
      if (phase !== 'stopped') phase = 'waiting';
      page.forget?.();
      page.reported.length = 0;
      forgetRenders();
      forgetSession();
      // What is recalled is no longer kept.
      if (settings.offlineQueue) recall();
    },
    flush() {
      flushWhenLoaded = true;
      whileMeasuring(() => measuring.flush());
    },
    stop() {
      whileMeasuring(() => measuring.stop());
      if (phase !== 'stopped') running = undefined;
      phase = 'stopped';
    },
  };
}

/** Begins as soon as the page is seen. `collector` is what the wasm module exports: its functions take numbers only, so nothing of wasm-bindgen's stands in between. */
function measure(collector, settings) {
  const { stop, onHidden, ...network } = transport(settings);
  const { name, hasChanged, enter } = places(settings);
  let timer;
  /** However often there is a new value, the beacon is left once in a while. */
  const onEntry = () => globalThis.fetchLater && (timer ??= setTimeout(sendLater, SEND_LATER_DELAY_MS));
  const { unwatch, ...browser } = watch(collector, settings, onEntry, onHidden);
  Object.assign(page, settings, network, browser, { enter });

  function sendLater() {
    timer = undefined;
    guard(collector.sendLater);
  }

  let unwatchAddress;
  function end() {
    page.detach?.();
    unwatch();
    unwatchAddress?.();
    clearTimeout(timer);
    collector.stop();
    stop();
  }

  try {
    collector.start(settings.sampleRate);
    if (!document.prerendering) collector.begin();
    const onAddress = () => hasChanged() && guard(() => collector.onRouteChange(performance.now(), performance.interactionCount));
    if (settings.softNavigations) unwatchAddress = watchAddress(onAddress);
  } catch (error) {
    end();
    throw error;
  }

  return {
    setRoute(route) {
      if (!name(route)) return;
      page.route = route || undefined;
      collector.onNews();
    },
    sendLater: collector.sendLater,
    flush: collector.flush,
    stop: end,
  };
}

/** What is needed later, or hardly ever. The page goes on without what cannot be loaded. */
function withDetails(action) {
  return import('./rhumb_details.js').then(action).catch(() => {});
}

async function initialise() {
  const response = await fetch(new URL('rhumb_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  // While it arrives, unless the server calls it something else.
  const isWasm = response.headers.get('content-type') === 'application/wasm';
  const { instance } = await (isWasm
    ? WebAssembly.instantiateStreaming(response, imports())
    : WebAssembly.instantiate(await response.arrayBuffer(), imports()));
  return finish(instance);
}
