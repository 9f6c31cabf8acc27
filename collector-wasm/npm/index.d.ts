/** What {@link start} needs to know. */
export interface Options {
  /** Address of the rhumb server, such as `https://rum.example.com`. */
  endpoint: string;
  /** Key of the site, as `rhumb site list` shows it; 1 to 64 characters. */
  site: string;
  /** Version of the page, such as `1.4.2`; at most 64 bytes, left out when longer or not plain text. */
  release?: string;
  /**
   * Names the route of an address, such as `/product/:id` for `/product/42`; at most 256 bytes,
   * left out when longer or not plain text. Called once, at the start.
   */
  route?: (url: URL) => string | null | undefined;
  /**
   * Whether the page views of a tab are joined by a random id in `sessionStorage`, which ends with
   * the tab. Default: `true`.
   */
  session?: boolean;
}

/** A running collector. Every method may be called at any time, and none throws. */
export interface Rhumb {
  /** Names the route of this page view; nothing takes its name away. */
  setRoute(route: string): void;
  /** Sends what is known now. Not needed: it happens by itself when the page is hidden. */
  flush(): void;
  /** Ends measuring, sends nothing, and takes every listener and observer back. */
  stop(): void;
}

/**
 * Begins to measure the page: LCP, INP, CLS, FCP and TTFB, from the navigation on, however late it
 * is called. Returns at once; the collector loads in the background. One beacon leaves when the
 * page is hidden.
 *
 * Never throws: what is wrong with the options is said by one `console.warn`. On a server it does
 * nothing. A second call returns the handle of the first until that is stopped.
 */
export function start(options: Options): Rhumb;
