import * as collector from './glue.js';
import { guard, warn } from './start/guard.js';
import { places } from './start/places.js';
import { readEntry, readScript } from './start/read.js';
import { watchAddress } from './start/routes.js';
import { forgetSession, isSampled, session } from './start/session.js';
import { settingsFrom, textOf } from './start/settings.js';
import { transport } from './start/transport.js';
import { watch } from './start/watch.js';

/** From a new value to the beacon that is left with the browser. */
const SEND_LATER_DELAY_MS = 2000;

/** What a server or an invalid call gets: everything may be called, nothing happens. */
const INERT = Object.freeze({ setRoute() {}, setConsent() {}, flush() {}, stop() {} });

let loaded;
let running;

/** Begins to measure the page and returns at once; a page is measured once, so a second call returns the first one's handle. */
export function start(options) {
  if (typeof document === 'undefined') return INERT;
  return (running ??= guard(() => handle(settingsFrom(options)))) ?? INERT;
}

/** waiting for consent → loading → measuring → stopped */
function handle(settings) {
  let phase = 'waiting';
  let named;
  let flushWhenLoaded = false;
  let measuring;

  const whileMeasuring = (action) => phase === 'measuring' && guard(action);

  function load() {
    const id = settings.session ? session() : undefined;
    if (!isSampled(settings.sampleRate, id)) return;
    phase = 'loading';
    loaded ??= initialise();
    loaded
      .then(() => {
        if (phase !== 'loading') return;
        measuring = measure({ ...settings, session: id });
        phase = 'measuring';
        if (named !== undefined) measuring.setRoute(named);
        if (flushWhenLoaded) collector.flush();
      })
      .catch((error) => {
        // The network may be back when the next one starts.
        loaded = undefined;
        warn(error);
      });
  }

  if (settings.consent) load();

  return Object.freeze({
    setRoute(route) {
      guard(() => (named = textOf(route) ?? ''));
      whileMeasuring(() => measuring.setRoute(named));
    },
    setConsent(isGiven) {
      if (isGiven) {
        if (phase === 'waiting') guard(load);
        return;
      }
      whileMeasuring(() => measuring.stop());
      if (phase !== 'stopped') phase = 'waiting';
      forgetSession();
    },
    flush() {
      flushWhenLoaded = true;
      whileMeasuring(collector.flush);
    },
    stop() {
      whileMeasuring(() => measuring.stop());
      if (phase !== 'stopped') running = undefined;
      phase = 'stopped';
    },
  });
}

/** Begins as soon as the page is seen. What wasm needs of the page it finds in the object that it is given. */
function measure(settings) {
  const { softNavigations } = settings;
  const { send, sendLater, stop } = transport(settings);
  const { enter, name, hasChanged } = places(settings);
  const { observe, takeRecords, afterPaint, unwatch } = watch(collector, softNavigations);
  const later = debounce(collector.sendLater, SEND_LATER_DELAY_MS);

  collector.start({
    site: settings.site,
    session: settings.session,
    release: settings.release,
    sampleRate: settings.sampleRate,
    enter,
    observe,
    takeRecords,
    afterPaint,
    send,
    sendLater,
    readScript,
    readEntry(entry, into) {
      if (globalThis.fetchLater) later.call();
      return guard(() => readEntry(entry, settings.generateTarget, into)) ?? '';
    },
  });
  if (!document.prerendering) collector.begin();
  const onAddress = () => hasChanged() && guard(collector.onRouteChange);
  const unwatchAddress = softNavigations && watchAddress(onAddress);

  return {
    setRoute: (route) => name(route) && collector.setRoute(route),
    stop() {
      unwatch();
      if (unwatchAddress) unwatchAddress();
      later.cancel();
      collector.stop();
      stop();
    },
  };
}

/** However often it is called, it acts once in a while. */
function debounce(action, delay) {
  let timer;
  const act = () => {
    timer = undefined;
    guard(action);
  };
  return { call: () => (timer ??= setTimeout(act, delay)), cancel: () => clearTimeout(timer) };
}

async function initialise() {
  const response = await fetch(new URL('rhumb_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const { instance } = await instantiate(response);
  collector.finish(instance);
}

/** While it arrives, unless the server calls it something else. */
async function instantiate(response) {
  const imports = collector.imports();
  const isWasm = response.headers.get('content-type') === 'application/wasm';
  if (isWasm) return WebAssembly.instantiateStreaming(response, imports);
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
