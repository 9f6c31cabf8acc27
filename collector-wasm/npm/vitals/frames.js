/** The entries behind what the machine knows of frames: it names long animation frames by their starts, and frames of events by their paints. */
import { observe } from './observe.js';
import { whenIdleOrHidden } from './lifecycle.js';

/** Keeps long animation frames and, if they are wanted, the events of each frame, as long as the machine does. */
export function frames(responses, keepsEvents) {
  const longFrames = new Map();
  const events = new Map();
  let isTidying = false;

  observe(['long-animation-frame'], (entries) => {
    for (const entry of entries) {
      const { startTime, duration, styleAndLayoutStart, scripts } = entry;
      longFrames.set(startTime, entry);
      const times = new Float64Array(scripts.flatMap(timesOf));
      responses.addLongFrame(startTime, duration, styleAndLayoutStart, times);
    }
    tidyLater();
  });

  function tidyLater() {
    if (isTidying) return;
    isTidying = true;
    whenIdleOrHidden(() => {
      responses.forget();
      keepOnly(longFrames, responses.longFrames());
      keepOnly(events, responses.frames());
      isTidying = false;
    });
  }

  return {
    addEvent(entry) {
      tidyLater();
      if (!keepsEvents) return;
      const frame = responses.frameAt(entry.startTime + entry.duration);
      if (!events.has(frame)) events.set(frame, []);
      events.get(frame).push(entry);
    },
    /** In the order in which they were processed. */
    eventsOf(id) {
      const known = events.get(responses.frameOf(id)) ?? [];
      return known.sort((a, b) => a.processingStart - b.processingStart);
    },
    longFramesOf: (id) => [...responses.longFramesOf(id)].map((start) => longFrames.get(start)),
  };
}

function timesOf({ startTime, duration, forcedStyleAndLayoutDuration }) {
  return [startTime, duration, forcedStyleAndLayoutDuration];
}

function keepOnly(entries, names) {
  const kept = new Set(names);
  for (const name of entries.keys()) if (!kept.has(name)) entries.delete(name);
}
