import { navigationEntry, readDocument } from './read.js';

/**
 * Addresses and routes of page views. A page may name a route as soon as it has changed the address, and the browser notices the route change when it is painted: the name belongs to the address, and waits for its page view.
 */
export function places({ route, url, softNavigations }) {
  let current;
  let named;

  /** Whether it is a page view that the visitor has begun. What the page does by itself, such as a redirect, is part of the one that goes on. */
  function hasChanged() {
    if (!current || isSamePage(location.href, current)) return;
    if (navigator.userActivation?.hasBeenActive !== false) return true;
    current = location.href;
  }

  return {
    hasChanged,

    /** A page view begins. What its entry calls the address knows no fragment. Leaves here what may be told of it, and when it began: 0 or absent for the document's. */
    enter(into) {
      const { name, startTime } = (current ? this.entry : navigationEntry()) ?? {};
      this.begunAt = startTime ?? (current && performance.now());
      current = isSamePage(name, location.href) ? location.href : name;
      this.url = url(current);
      this.route = named && isSamePage(named.address, current) ? named.route : route(current);
      readDocument(into);
    },

    /** Whether the name is one for the page view that has begun. It is kept for one that begins at the same address, be it out of the back/forward cache. */
    name(route) {
      named = { address: location.href, route };
      return current && !(softNavigations && hasChanged());
    },
  };
}

/** They differ in query strings or fragments at most. */
function isSamePage(a, b) {
  return !a || a.split(/[?#]/)[0] === b.split(/[?#]/)[0];
}
