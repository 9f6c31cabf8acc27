/** The entries and targets behind the longest interactions, which the machine knows by their ids. */
import { frames } from './frames.js';
import { Responses } from './machines.js';
import { loadStateAt } from './navigation.js';
import { targetOf } from './target.js';

/** What the machine says of an event. */
const IGNORED = 0;
const LONGEST = 1;

export function interactions({ generateTarget, includeProcessedEventEntries }) {
  const responses = new Responses();
  const { addEvent, eventsOf, longFramesOf } = frames(responses, includeProcessedEventEntries);
  let longest = new Map();

  function keep(entry, isLongest) {
    const id = entry.interactionId;
    const { entries = [], target } = longest.get(id) ?? {};
    const all = isLongest ? [entry] : [...entries, entry];
    longest.set(id, { entries: all, target: target || targetOfFirst(all, generateTarget) });
    for (const known of longest.keys()) if (!responses.keeps(known)) longest.delete(known);
  }

  return {
    add(entry) {
      const { interactionId = 0, startTime, duration, processingStart, processingEnd } = entry;
      const step = responses.add(interactionId, startTime, duration, processingStart, processingEnd);
      addEvent(entry);
      if (step !== IGNORED) keep(entry, step === LONGEST);
    },
    note: ({ interactionId = 0 }) => responses.note(interactionId),
    begin() {
      responses.begin(performance.interactionCount);
      longest = new Map();
    },
    value: (isLater) => responses.value(performance.interactionCount, isLater),
    entries: () => longest.get(responses.p98(performance.interactionCount))?.entries ?? [],

    explain([entry]) {
      const id = entry.interactionId;
      const longAnimationFrameEntries = longFramesOf(id);
      return {
        interactionTarget: longest.get(id)?.target,
        interactionType: entry.name.startsWith('key') ? 'keyboard' : 'pointer',
        processedEventEntries: eventsOf(id),
        longAnimationFrameEntries,
        loadState: loadStateAt(entry.startTime),
        ...partsOf(responses, id, longAnimationFrameEntries),
      };
    },
  };
}

/** A later event may have none, because the page took the element away. */
function targetOfFirst(entries, generateTarget) {
  const node = entries.find(({ target }) => target)?.target;
  if (node) return targetOf(node, generateTarget);
  return entries.find(({ targetSelector }) => targetSelector)?.targetSelector;
}

/** What has no long animation frame has no totals. */
function partsOf(responses, id, longFrames) {
  const [interactionTime, nextPaintTime, ...rest] = responses.parts(id);
  const [inputDelay, processingDuration, presentationDelay, ...totals] = rest;
  const [totalScriptDuration, totalStyleAndLayoutDuration, totalPaintDuration, ...others] = totals;
  const [totalUnattributedDuration, intersectingDuration] = others;
  return {
    interactionTime,
    nextPaintTime,
    inputDelay,
    processingDuration,
    presentationDelay,
    longestScript: intersectingDuration && {
      entry: scriptThatRan(intersectingDuration, interactionTime, longFrames),
      subpart: responses.subpartOfLongestScript(id),
      intersectingDuration,
    },
    totalScriptDuration,
    totalStyleAndLayoutDuration,
    totalPaintDuration,
    totalUnattributedDuration,
  };
}

/** The first that ran so long after the interaction had come. */
function scriptThatRan(time, since, longFrames) {
  const scripts = longFrames.flatMap(({ scripts }) => scripts);
  const timeOf = ({ startTime, duration }) => startTime + duration - Math.max(since, startTime);
  return scripts.find((script) => timeOf(script) === time);
}
