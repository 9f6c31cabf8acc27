/** What {@link start} needs to know. */
export interface Options {
  /** Address of the rhumb server, such as `https://rum.example.com`, or of a proxy on your own origin. */
  endpoint: string;
  /** What follows `endpoint` in the address that beacons are posted to. Default: `/v1/ingest`. */
  path?: string;
  /** Key of the site, as `rhumb site list` shows it; 1 to 64 characters. */
  site: string;
  /** Version of the page, such as `1.4.2`; at most 64 bytes, left out when longer or not plain text. */
  release?: string;
  /**
   * Names the route of an address, such as `/product/:id` for `/product/42`; at most 256 bytes,
   * left out when longer or not plain text. Called once for each page view.
   */
  route?: (url: URL) => string | null | undefined;
  /**
   * What may be told of an address, which comes without query string, fragment and credentials:
   * those of page views, and of the images and scripts that explain a value; a script in the page
   * has the page's. Nothing is told when it returns nothing. Default: the address as it comes.
   */
  scrubUrl?: (url: URL) => URL | string | null | undefined;
  /**
   * Names the element that a value is about, instead of a CSS selector of at most 100 characters;
   * at most 256 bytes, left out when longer. Called when the browser reports something of it.
   */
  generateTarget?: (element: Node) => string | null | undefined;
  /**
   * Whether the page views of a tab are joined by a random id in `sessionStorage`, which ends with
   * the tab. Default: `true`.
   */
  session?: boolean;
  /**
   * Share of sessions that are measured, 0 to 1; without sessions, of documents. A session is
   * measured whole or not at all, and one that is not loads nothing. Default: 1.
   */
  sampleRate?: number;
  /**
   * Whether a new route in the same document is a page view of its own: where the browser notices
   * soft navigations with all vitals, as in web-vitals with `reportSoftNavs`, elsewhere, and within a
   * frame, without FCP and LCP when the path changes after the visitor has done anything. Default: `true`.
   */
  softNavigations?: boolean;
  /**
   * Whether beacons that have not arrived when their page is left wait in `localStorage` for the
   * next page of the site: the latest 8 page views of up to 8 KiB, without details. A page cannot know whether its last beacon
   * arrives, so the next one sends it again, and the server counts it once. Pages of one origin have one
   * queue: they name the same server. Default: `false`.
   */
  offlineQueue?: boolean;
  /** `false`: nothing is loaded, measured or stored until {@link Rhumb.setConsent}. Default: `true`. */
  consent?: boolean;
  /**
   * Whether Global Privacy Control and Do Not Track mean that there is no consent. Default: `false`,
   * because nothing that is collected tells who somebody is.
   */
  honorPrivacySignals?: boolean;
  /**
   * Whether a page view is also explained by its long frames and the scripts in them, by what the page
   * times itself, by what it loads and asks for, by what goes wrong, and by how much memory it takes. What
   * does that is loaded when the page has time, 21 KB compressed.
   * `false` loads none of it. Default: `true`.
   */
  details?: boolean | DetailsOptions;
}

/** What else may explain a page view. */
export interface DetailsOptions {
  /**
   * Share of the documents that are measured whose scripts are also sampled, 0 to 1: which functions take
   * the time, and which make interactions slow. Only Chromium does that, and only in a document that was sent
   * with the header `Document-Policy: js-profiling`; where that is missing, it says so once in the console.
   * `0.1` is plenty. On the script tag it is `data-profile-sample-rate`. Default: 0.
   */
  profileSampleRate?: number;
}

/** Why a component was rendered, as React's `Profiler` names it. */
export type RenderPhase = 'mount' | 'update' | 'nested-update';

/** A running collector. Every method may be called at any time, and none throws. */
export interface Rhumb {
  /**
   * Names the route of the address that the page is at. Called after the address has changed, it
   * names the page view that this begins.
   */
  setRoute(route: string): void;
  /**
   * Something is the case from now on, such as `search-opened`: told is how long after the page view
   * began. It is `performance.mark(name)`, and the page may as well call that; names that have no
   * control characters and at most 128 bytes are told, 50 in each page view, together with those of
   * `measure` and of elements with the attribute `elementtiming`. Not told with `details: false`.
   */
  mark(name: string): void;
  /**
   * Something took so many milliseconds until now, such as `checkout`. It is `performance.measure`,
   * as with {@link Rhumb.mark}. What begins with `⚛` or U+200B, as React's own measures do, is not told.
   */
  measure(name: string, duration: number): void;
  /**
   * A component was rendered; it is added up by component and phase for each page view, 100 at most.
   * `actual` is how long that took, `base` how long it would have taken without any memoization, both
   * in milliseconds. What React's `Profiler` tells comes in this order. Until the collector is loaded,
   * 1000 wait; before consent none.
   */
  render(id: string, phase: RenderPhase, actual: number, base: number): void;
  /**
   * Something went wrong, and the page has caught it: an `Error`, or whatever else. It is told by what it
   * says and by its stack, as what nobody catches is: 20 in each page view, each once with how often it came.
   * Addresses come without query strings, e-mail addresses and keys are left out. Until the collector is
   * loaded, 20 wait, those of `stub.js` included; before consent none. Not told with `details: false`.
   */
  error(error: unknown): void;
  /**
   * Given: begins to measure, the past of the page included. Taken back: ends measuring, sends
   * nothing more, and forgets the session, the details and what waits in the `offlineQueue`.
   */
  setConsent(isGiven: boolean): void;
  /** Sends what is known now. Not needed: it happens by itself when the page is hidden. */
  flush(): void;
  /** Ends measuring, sends nothing, and takes every listener and observer back. */
  stop(): void;
}

/**
 * Begins to measure the page: LCP, INP, CLS, FCP, TTFB and the retired FID, from the navigation on,
 * however late it is called. Returns at once; the collector loads in the background. A beacon leaves
 * when the page is hidden, and when a route change or a restore from the back/forward cache begins
 * another page view. What does not arrive is sent again as long as the page lives.
 *
 * Never throws: what is wrong with the options is said by one `console.warn`. On a server it does
 * nothing. A second call returns the handle of the first until that is stopped.
 */
export function start(options: Options): Rhumb;

/** {@link Rhumb.render} of the collector that is running; without one it does nothing. */
export function render(id: string, phase: RenderPhase, actual: number, base: number): void;
