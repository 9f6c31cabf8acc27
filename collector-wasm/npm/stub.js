// Inline in the head, for a collector that comes late. Until it takes over, this keeps when the page was hidden, which not every browser remembers, and the first errors. They are kept as texts: what they are about may be large.
(() => {
  const ERRORS_MAX = 10;
  /** Characters. */
  const TEXT_LENGTH_MAX = 4096;

  const text = (value) => String(value ?? '').slice(0, TEXT_LENGTH_MAX);

  /** `at` is in milliseconds since the navigation began, as in every performance entry. */
  function keep({ type, timeStamp: at, target, message, filename, lineno, colno, error, reason = error }) {
    if (type === 'visibilitychange') {
      if (document.hidden) early.hiddenAt = Math.min(early.hiddenAt, at);
      return;
    }
    // An image that is missing is no error of a script.
    if (target !== window || early.errors.length >= ERRORS_MAX) return;
    try {
      message = text(message ?? reason?.message ?? reason);
      early.errors.push({ at, message, filename: text(filename), lineno, colno, stack: text(reason?.stack) });
    } catch {
      // Whatever a page rejects with, even what cannot be a text.
    }
  }

  /** The collector stops listening to it by its name. */
  const early = (window.rhumb = { hiddenAt: document.hidden ? 0 : Infinity, errors: [], handleEvent: keep });

  for (const type of ['visibilitychange', 'error', 'unhandledrejection']) {
    addEventListener(type, early, true);
  }
})();
