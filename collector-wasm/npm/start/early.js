/** Left by `stub.js`, before the handle of the collector takes its place. */
export const early = globalThis.rhumb;

/** From now on the collector listens itself. What was kept stays. */
export function relieveStub() {
  if (!early?.handleEvent) return;
  for (const type of ['visibilitychange', 'error', 'unhandledrejection']) {
    removeEventListener(type, early, true);
  }
}
