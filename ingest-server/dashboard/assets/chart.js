// Reads a chart out, point by point: where the pointer is, and with the arrow keys.

/** The point that was read last, by chart; a page that follows what arrives draws its charts again. */
const last = new Map();

/** What is read out of charts is theirs again after their page was put in place. */
export function prepare() {
  for (const chart of document.querySelectorAll('[data-chart]')) follow(chart);
}

function follow(chart) {
  const plot = chart.querySelector('.plot');
  const points = [...chart.querySelectorAll('.point')];
  const readout = chart.querySelector('[data-readout]');
  const end = points.length - 1;
  if (end < 0) return;
  let current = end;

  const show = (index) => {
    points[current].classList.remove('current');
    current = index;
    points[current].classList.add('current');
    readout.textContent = points[current].dataset.told;
    last.set(chart.id, index);
  };

  const moves = {
    ArrowLeft: () => Math.max(current - 1, 0),
    ArrowRight: () => Math.min(current + 1, end),
    Home: () => 0,
    End: () => end,
  };

  plot.tabIndex = 0;
  readout.setAttribute('aria-live', 'polite');
  if (last.has(chart.id)) show(Math.min(last.get(chart.id), end));
  plot.addEventListener('keydown', (event) => {
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    show(move());
  });
  plot.addEventListener('pointermove', ({ clientX }) => {
    const { left, width } = plot.getBoundingClientRect();
    const index = Math.floor(((clientX - left) / width) * points.length);
    show(Math.min(Math.max(index, 0), end));
  });
}

prepare();
