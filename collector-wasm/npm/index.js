import * as collector from './glue.js';
import { guard, warn } from './start/guard.js';
import { watchAddress } from './start/routes.js';
import { forgetSession, isSampled, session } from './start/session.js';
import { settingsFrom, textOf } from './start/settings.js';
import { transport } from './start/transport.js';

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
  let end;

  const whileMeasuring = (action) => phase === 'measuring' && guard(action);

  function load() {
    const id = settings.session ? session() : undefined;
    if (!isSampled(settings.sampleRate, id)) return;
    phase = 'loading';
    loaded ??= initialise();
    loaded
      .then(() => {
        if (phase !== 'loading') return;
        phase = 'measuring';
        end = measure({ ...settings, session: id });
        if (named !== undefined) collector.setRoute(named);
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
      whileMeasuring(() => collector.setRoute(named));
    },
    setConsent(isGiven) {
      if (isGiven) {
        if (phase === 'waiting') guard(load);
        return;
      }
      whileMeasuring(() => end());
      if (phase !== 'stopped') phase = 'waiting';
      forgetSession();
    },
    flush() {
      flushWhenLoaded = true;
      whileMeasuring(collector.flush);
    },
    stop() {
      whileMeasuring(() => end());
      if (phase !== 'stopped') running = undefined;
      phase = 'stopped';
    },
  });
}

/** Returns how to end it. */
function measure(settings) {
  const { send, sendLater, stop } = transport(settings);
  let timer;
  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      guard(collector.sendLater);
    }, SEND_LATER_DELAY_MS);
  };
  collector.start(window, {
    ...settings,
    send,
    sendLater,
    changed: typeof fetchLater === 'function' ? changed : () => {},
  });
  const unwatch = settings.softNavigations ? watchAddress(() => guard(collector.onAddress)) : () => {};
  return () => {
    unwatch();
    clearTimeout(timer);
    collector.stop();
    stop();
  };
}

async function initialise() {
  const response = await fetch(new URL('rhumb_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  collector.initSync({ module: await compile(response) });
}

/** While it arrives, unless the server calls it something else. */
async function compile(response) {
  const isWasm = response.headers.get('content-type') === 'application/wasm';
  if (isWasm) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
