import { page } from './page.js';
import { textOf } from './settings.js';

/** Commits of components that wait for the collector, which takes them when it makes a beacon. */
const WAITING_MAX = 1000;
/** Bytes. */
const ID_LENGTH_MAX = 128;
/** Ten minutes. */
const DURATION_MAX_MS = 6e5;
/** In the order of `RenderPhase` in the crate `beacon`. */
const PHASES = ['mount', 'update', 'nested-update'];

let waiting = [];
let dropped = 0;

/** Returns whether there is no room for another one. */
export function keepRender(id, phase, actual, base) {
  const component = typeof id === 'string' && textOf(id, ID_LENGTH_MAX);
  const commit = [PHASES.indexOf(phase), +actual, +base];
  if (!component || !commit.every((number) => number >= 0 && number <= DURATION_MAX_MS)) {
    throw new TypeError(`render: expected an id of 1 to ${ID_LENGTH_MAX} bytes, ${PHASES}, and two durations`);
  }
  // The logarithm is dear in wasm.
  if (waiting.length < WAITING_MAX) waiting.push([performance.now(), component, ...commit, Math.log2(actual / 1000)]);
  else dropped++;
  return waiting.length === WAITING_MAX;
}

export function forgetRenders() {
  waiting = [];
  dropped = 0;
}

/** Leaves here the component's id. */
export function readRender(before, into) {
  const [at, component, ...commit] = waiting[0] ?? [];
  if (!(at < before)) return false;
  waiting.shift();
  page.about = component;
  into.set([...commit, dropped]);
  dropped = 0;
  return true;
}
