// Reads a chart out, point by point: where the pointer is, and with the arrow keys.

for (const chart of document.querySelectorAll('[data-chart]')) {
  const plot = chart.querySelector('.plot');
  const points = [...chart.querySelectorAll('.point')];
  const readout = chart.querySelector('[data-readout]');
  let current = points.length - 1;

  const show = (index) => {
    points[current]?.classList.remove('current');
    current = index;
    points[current].classList.add('current');
    readout.textContent = points[current].dataset.told;
  };

  const moves = {
    ArrowLeft: () => Math.max(current - 1, 0),
    ArrowRight: () => Math.min(current + 1, points.length - 1),
    Home: () => 0,
    End: () => points.length - 1,
  };

  if (points.length) {
    // What is read out replaces the description of the whole.
    plot.tabIndex = 0;
    readout.setAttribute('aria-live', 'polite');
    plot.addEventListener('keydown', (event) => {
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      show(move());
    });
    plot.addEventListener('pointermove', ({ clientX }) => {
      const { left, width } = plot.getBoundingClientRect();
      const index = Math.floor(((clientX - left) / width) * points.length);
      show(Math.min(Math.max(index, 0), points.length - 1));
    });
  }
}
