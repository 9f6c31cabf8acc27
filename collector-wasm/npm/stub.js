// Inline in the head, for a collector that loads late: not every browser remembers that a page was hidden.
(() => {
  const early = (window.rhumb = { hiddenAt: document.hidden ? 0 : Infinity });
  addEventListener(
    'visibilitychange',
    ({ timeStamp }) => {
      if (document.hidden) early.hiddenAt = Math.min(early.hiddenAt, timeStamp);
    },
    true,
  );
})();
