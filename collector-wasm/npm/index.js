import * as collector from './glue.js';

const SITE_LENGTH_MAX = 64;

/** What a server or an invalid call gets: everything may be called, nothing happens. */
const INERT = Object.freeze({ setRoute() {}, flush() {}, stop() {} });

let loaded;
let running;

/** Begins to measure the page and returns at once; a page is measured once, so a second call returns the first one's handle. */
export function start(options) {
  if (typeof document === 'undefined') return INERT;
  return (running ??= begin(options)) ?? INERT;
}

function begin(options) {
  try {
    return handle(settingsFrom(options));
  } catch (error) {
    warn(error);
  }
}

/** loading → measuring → stopped */
function handle(settings) {
  let phase = 'loading';
  let flushWhenLoaded = false;

  loaded ??= load();
  loaded
    .then(() => {
      if (phase !== 'loading') return;
      phase = 'measuring';
      const { ingestUrl, site, release, route, session } = settings;
      collector.start(window, ingestUrl, site, release, route, session);
      if (flushWhenLoaded) collector.flush();
    })
    .catch((error) => {
      // The network may be back when the next one starts.
      loaded = undefined;
      warn(error);
    });

  return Object.freeze({
    setRoute(route) {
      guard(() => {
        settings.route = textOf(route);
        if (phase === 'measuring') collector.setRoute(settings.route ?? '');
      });
    },
    flush() {
      flushWhenLoaded = true;
      if (phase === 'measuring') guard(collector.flush);
    },
    stop() {
      if (phase === 'measuring') guard(collector.stop);
      if (phase !== 'stopped') running = undefined;
      phase = 'stopped';
    },
  });
}

/** Compiled as a whole: so small a module gains nothing from streaming, which a wrong Content-Type forbids. */
async function load() {
  const response = await fetch(new URL('rhumb_bg.wasm', import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  collector.initSync({ module: await WebAssembly.compile(await response.arrayBuffer()) });
}

function settingsFrom({ endpoint, site, release, route, session = true } = {}) {
  if (typeof site !== 'string' || !site || site.length > SITE_LENGTH_MAX) {
    throw new TypeError(`site: expected 1 to ${SITE_LENGTH_MAX} characters, got ${site}`);
  }
  if (typeof endpoint !== 'string') {
    throw new TypeError(`endpoint: expected the address of the rhumb server, got ${endpoint}`);
  }
  return {
    ingestUrl: new URL(`${endpoint.replace(/\/+$/, '')}/v1/ingest`, location.href).href,
    site,
    release: textOf(release),
    route: routeOf(route),
    session: !!session,
  };
}

/** The page's function may fail; the page view is then measured without a route. */
function routeOf(route) {
  try {
    return textOf(route?.(new URL(location.href)));
  } catch (error) {
    warn(error);
  }
}

/** What the server takes for a name: release files end in a line break, and it refuses those. */
function textOf(name) {
  const text = name == null ? '' : `${name}`.trim();
  return /^\P{Cc}+$/u.test(text) ? text : undefined;
}

/** A guest: what fails here must not fail the page. */
function guard(action) {
  try {
    action();
  } catch (error) {
    warn(error);
  }
}

function warn(error) {
  console.warn('rhumb:', error);
}
