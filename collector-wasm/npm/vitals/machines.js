/** The state machines of the collector, as WebAssembly; made when they are first needed. */
import * as machines from './glue.js';
import { digits } from './module.js';
import { decode } from '../module/hexadecimal.js';
import { warn } from '../start/guard.js';

export { Responses, Shifts, fcp, fid, lcp, lcpParts, loadState, ttfb, ttfbParts } from './glue.js';

/** In the order of the beacon, by which the machines know a metric. */
const NAMES = ['CLS', 'FCP', 'INP', 'LCP', 'TTFB', 'FID'];

export const rate = (name, value) => machines.rate(NAMES.indexOf(name), value);

/** As promises, but at once. */
const MADE = { then: (action) => action() };
const NEVER_MADE = { then() {} };

let made;

/** Acts at once, if there is a page: not on a server. Not either where a policy forbids WebAssembly: the page must go on without. */
export function withMachines(action) {
  if (typeof document !== 'undefined') (made ??= make()).then(action, warn);
}

function make() {
  const bytes = decode(digits);
  const imports = machines.imports();
  try {
    machines.finish(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
    return MADE;
  } catch (error) {
    // Before version 114, Chromium compiles so much only in the background: a moment later.
    if (error instanceof RangeError) return WebAssembly.instantiate(bytes, imports).then(finish);
    warn(error);
    return NEVER_MADE;
  }
}

const finish = ({ instance }) => machines.finish(instance);
