// Compares the callbacks of two implementations.

/** Sums of the same numbers in another order. */
const ROUNDING = 1e-6;

/** A callback that writes down what it is called with: the object, and what it is at that time. */
const note = (list) => (metric) => list.push({ metric, at: { ...metric, entries: [...metric.entries] } });

/** Where two values differ; entries and elements have to be the same objects. */
function differences(a, b, path, tolerance) {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance ? [] : [`${path}: ${a} instead of ${b}`];
  const isPlain = [a, b].every((value) => value && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
  if (!isPlain) return Object.is(a, b) ? [] : [`${path}: ${show(a)} instead of ${show(b)}`];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], `${path}.${key}`, tolerance));
}

const show = (value) => `${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`;

/** Callback by callback, in order; those of one page view bring one object. */
function differencesOf(mine, right, variant) {
  const order = (list) => list.map(({ at }) => `${at.name} ${at.navigationType}`).join(', ');
  if (order(mine) !== order(right)) return [`${variant}: called back ${order(mine)} instead of ${order(right)}`];
  const metrics = new Map();
  return mine.flatMap(({ metric, at: { id, ...fields } }, index) => {
    const { id: _, ...expected } = right[index].at;
    const path = `${variant}[${index}] ${fields.name}`;
    const found = differences(fields, expected, path, ROUNDING);
    if (!metrics.has(id)) metrics.set(id, metric);
    const isIts = /^v6-\d{13}-\d{13}$/.test(id) && metrics.get(id) === metric;
    return isIts ? found : [...found, `${path}: not the same object, or a strange id: ${id}`];
  });
}
