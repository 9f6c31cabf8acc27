/** Calls back with the entries of these types, those of the past first. Returns nothing where the browser has none of them. */
export function observe(types, action, options) {
  try {
    const known = types.filter((type) => PerformanceObserver.supportedEntryTypes.includes(type));
    if (!known.length) return undefined;
    // Older Safari delivers the past within `observe`.
    const observer = new PerformanceObserver((list) =>
      queueMicrotask(() => action(known.length > 1 ? inOrder(list.getEntries()) : list.getEntries())),
    );
    for (const type of known) observer.observe({ type, buffered: true, ...options });
    return observer;
  } catch {
    // What the browser refuses is not measured.
    return undefined;
  }
}

/** In the order in which they ended: what a soft navigation led to then stands behind it. */
function inOrder(entries) {
  return entries.sort((a, b) => a.startTime + a.duration - b.startTime - b.duration);
}
