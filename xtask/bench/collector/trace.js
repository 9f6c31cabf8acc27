// What the threads of the page's process did, for xtask/src/bench/collector/trace.rs to judge.
import { atMost } from './wait.js';

/** Few, because every event that is recorded costs the page time. */
const CATEGORIES = [
  'toplevel',
  'v8',
  'v8.wasm',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];
/** What index.html calls itself. */
const MARK = 'bench-page';
const FLUSH_MS_MAX = 60_000;


export async function recordTrace(browser) {
  const events = [];
  browser.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) if (event.ph === 'X' || event.name === MARK) events.push(event);
  });
  const complete = new Promise((done) => browser.on('Tracing.tracingComplete', done));
  await browser.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { recordMode: 'recordUntilFull', includedCategories: CATEGORIES },
  });
  return {
    async end() {
      await browser.send('Tracing.end');
      const { dataLossOccurred } = await atMost(FLUSH_MS_MAX, 'the trace', complete);
      if (dataLossOccurred) throw new Error('the trace has gaps');
      return ofPage(events);
    },
  };
}

function ofPage(events) {
  const mark = events.find(({ name }) => name === MARK);
  if (!mark) throw new Error('the page is not in the trace');
  const own = events.filter(({ ph, pid }) => ph === 'X' && pid === mark.pid);
  const isMain = ({ tid }) => tid === mark.tid;
  return {
    main_thread: own.filter(isMain).map(brief),
    other_threads: own.filter((event) => !isMain(event) && event.cat.includes('v8')).map(brief),
  };
}

/** Microseconds; `tdur` is of the thread's own CPU time, which other programs do not lengthen. */
function brief({ name, cat, tid, ts, dur, tdur }) {
  return { name, cat, tid, ts, dur, tdur: tdur ?? 0 };
}
