import { noticesRoutes } from './read.js';
import { listen } from './watch.js';

/**
 * Calls back when the address may have changed, in browsers that do not notice soft navigations themselves. Returns how to end that.
 */
export function watchAddress(changed) {
  if (noticesRoutes()) return () => {};
  // It may have while there was no collector.
  changed();
  const { navigation } = window;
  if (navigation) return listen(navigation, 'currententrychange', changed);

  const { pushState } = history;
  const own = function () {
    const result = pushState.apply(this, arguments);
    changed();
    return result;
  };
  history.pushState = own;
  const unlisten = listen(window, 'popstate', changed);
  return () => {
    unlisten();
    // Whoever has wrapped it since still calls this one, which then calls nobody.
    if (history.pushState === own) history.pushState = pushState;
    changed = () => {};
  };
}
