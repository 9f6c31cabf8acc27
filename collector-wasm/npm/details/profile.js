/** Where the time of the page's scripts goes: Chromium takes samples, in documents that were sent with `Document-Policy: js-profiling`. */
import { withTexts } from './told.js';

const INTERVAL_MS = 10;
/** A profiler that has so many has no room. */
const SAMPLES_MAX = 2000;
/** From the beginning of a profiler to the next one. */
const ROTATION_MS = 10_000;

/** One for all page views of the document. */
const chance = Math.random();
/** Numbers of stacks, by trace. */
let known = new WeakMap();

/** Whoever reads samples gets them as entries, a while after they were taken. */
export function watchProfile({ profileSampleRate }, guard, onSamples) {
  const tag = document.querySelector('script[data-profile-sample-rate]');
  // Without a rate it is not tried: Chromium complains in the console where the header is missing.
  let isWanted = chance < (profileSampleRate ?? tag?.dataset.profileSampleRate);
  let profiler;
  let timer;

  /** The next one begins before the last one ends, so that the browser need not prepare anew. */
  const rotate = () =>
    guard(() => {
      const ended = profiler;
      begin();
      ended?.stop().then(
        (trace) => isWanted && guard(() => onSamples(samplesOf(trace, ended.sampleInterval))),
        () => {},
      );
    });

  function begin() {
    clearTimeout(timer);
    profiler = undefined;
    if (!isWanted || document.hidden) return;
    try {
      profiler = new Profiler({ sampleInterval: INTERVAL_MS, maxBufferSize: SAMPLES_MAX });
    } catch {
      isWanted = false;
      return;
    }
    profiler.addEventListener('samplebufferfull', rotate);
    timer = setTimeout(rotate, ROTATION_MS);
  }

  rotate();
  return {
    onVisibility: rotate,
    end() {
      isWanted = false;
      rotate();
    },
  };
}

/** What has no stack is idle. */
function samplesOf(trace, intervalMs) {
  return trace.samples
    .filter(({ stackId }) => stackId !== undefined)
    .map(({ stackId, timestamp }) => ({ entryType: 'sample', startTime: timestamp, duration: 0, stackId, trace, intervalMs }));
}

/** The machine knows no stack any more. */
export const forgetStacks = () => (known = new WeakMap());

/** `isOurs` finds the collector's own files, `address` says what may be told of one. */
export function tellSample(machine, { startTime, stackId, trace, intervalMs }, isOurs, address) {
  const { stacks, frames, resources } = trace;
  const numbers = known.get(trace) ?? [];
  known.set(trace, numbers);
  machine.addSample(numberOf(stackId), startTime, intervalMs);

  /** 0 for no stack. */
  function numberOf(id) {
    return id === undefined ? 0 : (numbers[id] ??= told(id));
  }

  /** The collector's own functions are left out, and WebAssembly that nobody is known to have called: it may be one. */
  function told(id) {
    let number = numberOf(stacks[id].parentId);
    const { name, resourceId, line, column } = frames[stacks[id].frameId];
    const author = authorOf(id);
    if (!(author ? isOurs(author) : /^wasm-/.test(name))) {
      withTexts([name, address(resources[resourceId])], () => (number = machine.stackOf(number, line, column)));
    }
    return number;
  }

  /** The file whose function it is; the browser's own work for one is that file's. */
  function authorOf(id) {
    if (id === undefined) return;
    const { frameId, parentId } = stacks[id];
    const file = resources[frames[frameId].resourceId] ?? 'wasm:';
    // Chromium makes an address up for WebAssembly that has none.
    return /^wasm:/.test(file) ? authorOf(parentId) : file;
  }
}
