/** What entries tell, as numbers and texts for the machine. The only place that knows the names of their properties. */
import { invokerOf, line } from '../start/about.js';
import { textOf } from '../start/settings.js';
import { tellSample } from './profile.js';
import { withTexts } from './told.js';

/** Milliseconds: the shortest event that an interaction is slow by. */
export const EVENT_DURATION_MIN_MS = 200;

/** Bytes. */
const NAME_LENGTH_MAX = 128;
/** In the order of `InvokerType` in the crate `beacon`. */
const INVOKER_TYPES = ['classic-script', 'module-script', 'user-callback', 'event-listener', 'resolve-promise', 'reject-promise'];
/** What builds of React that measure themselves call each component: hundreds of names, none of them the author's. */
const IS_OF_REACT = /^[⚛\u200b]/;
/** Files of the collector. */
const IS_OURS = /\/rhumb(_bg|_details)?(-[^/?]*)?\.(js|wasm)($|\?)/;
/** Scripts of one long animation frame. */
const SCRIPTS_MAX = 100;
/** Bytes of what a server calls what it has timed. */
const SERVER_TIMING_LENGTH_MAX = 64;
/** Of one answer. */
const SERVER_TIMINGS_MAX = 20;
/** Lines of a stack, with those of the message before it. */
const CALLS_MAX = 50;
/** As <https://www.w3.org/TR/trace-context/> has it. */
const TRACE_PARENT = /^00-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;
/** An address, and a place in its file. */
const ADDRESSES = /(https?:\/\/[^\s"'`()<>]+?)((?::\d+:\d+)?)(?=[\s"'`()<>]|$)/g;

/** By entry type: whether there is anything to tell, and how the machine is told. In the order of `MeasureKind` in the crate `beacon`. */
const READERS = {
  'mark': {
    isWanted: hasName,
    tell: (machine, { name, startTime }, about) => timed(machine, 0, name, startTime - about.origin, about),
  },
  'measure': {
    isWanted: hasName,
    tell: (machine, { name, duration }, about) => timed(machine, 1, name, duration, about),
  },
  'element': {
    isWanted: ({ identifier }) => nameOf(identifier),
    tell: (machine, { identifier, renderTime, loadTime }, about) =>
      timed(machine, 2, identifier, (renderTime || loadTime) - about.origin, about),
  },
  'long-animation-frame': { isWanted: () => true, tell: tellFrame },
  // Where the browser knows no such frames.
  'longtask': {
    isWanted: () => true,
    tell: (machine, { startTime, duration }, { origin }) =>
      machine.addFrame(...took(duration), duration - 50, startTime - origin),
  },
  'event': {
    isWanted: ({ interactionId, duration }) => interactionId && duration > EVENT_DURATION_MIN_MS,
    tell: (machine, { interactionId, startTime, duration }) => machine.addEvent(interactionId, startTime, duration),
  },
  'resource': {
    isWanted: ({ name }, ingestUrl) => /^https?:/.test(name) && name.split('?', 1)[0] !== ingestUrl.split('?', 1)[0] && !IS_OURS.test(name),
    tell(machine, entry, about) {
      tellResource(machine, entry, about);
      if (/^(fetch|xmlhttprequest)$/.test(entry.initiatorType)) tellRequest(machine, entry, about);
    },
  },
  // Of `errors.js`.
  'error': {
    isWanted: () => true,
    tell(machine, entry, { scrub, origin }) {
      const { kind, message, stack, startTime, count } = entry;
      const lines = scrubbed(stack, scrub).split('\n', CALLS_MAX);
      for (const line of lines) withTexts([line.trim()], () => machine.addCall());
      withTexts([scrubbed(message, scrub)], () => machine.addError(kind, startTime - origin, count));
      entry.count = 0;
    },
  },
  // Of `profile.js`.
  'sample': {
    isWanted: () => true,
    tell: (machine, sample, { scrub }) =>
      tellSample(machine, sample, (url) => IS_OURS.test(url), (url) => address(url, scrub)),
  },
};

/** Those that the browser knows. */
export function types() {
  const { supportedEntryTypes = [] } = PerformanceObserver;
  const hasFrames = supportedEntryTypes.includes('long-animation-frame');
  return Object.keys(READERS).filter((type) => supportedEntryTypes.includes(type) && !(hasFrames && type === 'longtask'));
}

export function isWanted(entry, ingestUrl) {
  return READERS[entry.entryType].isWanted(entry, ingestUrl);
}

/** When it happened: a measure is known when it has ended. */
export function timeOf({ entryType, startTime, duration }) {
  return entryType === 'measure' ? startTime + duration : startTime;
}

/** `origin` is when the page view began, `scrub` says what may be told of an address. */
export function tell(machine, entry, page) {
  READERS[entry.entryType].tell(machine, entry, page);
}

function hasName({ name }) {
  return nameOf(name) && !IS_OF_REACT.test(name);
}

function nameOf(name) {
  return textOf(name, NAME_LENGTH_MAX);
}

/** What happened before a prerendered page was shown nobody has waited for. */
function timed(machine, kind, name, ms, { scrub }) {
  withTexts([nameOf(scrubbed(name, scrub)) || '…'], () => machine.addMeasure(kind, ...took(Math.max(ms, 0))));
}

function tellFrame(machine, { startTime, duration, blockingDuration, scripts }, { scrub, origin }) {
  machine.addFrame(...took(duration), blockingDuration, startTime - origin);
  for (const script of scripts.slice(0, SCRIPTS_MAX)) {
    const { sourceURL, sourceFunctionName, invokerType } = script;
    const file = (url) => address(url, scrub);
    withTexts([file(sourceURL), line(sourceFunctionName), invokerOf(script, file)], () =>
      machine.addRun(
        duration,
        blockingDuration,
        INVOKER_TYPES.indexOf(invokerType),
        script.startTime,
        script.duration,
        script.forcedStyleAndLayoutDuration,
      ),
    );
  }
}

function tellResource(machine, entry, { scrub, origin }) {
  const { name, startTime, duration, contentType, initiatorType, nextHopProtocol } = entry;
  withTexts([address(name, scrub), contentType, initiatorType, nextHopProtocol], () =>
    machine.addResource(
      ...took(duration),
      startTime - origin,
      entry.transferSize,
      entry.encodedBodySize,
      entry.decodedBodySize,
      entry.deliveryType === 'cache',
      !name.startsWith(`${location.origin}/`),
      entry.renderBlockingStatus === 'blocking',
    ),
  );
}

function tellRequest(machine, entry, { scrub }) {
  const { name, startTime, duration, requestStart, responseStart, responseStatus, serverTiming = [] } = entry;
  const wait = requestStart > 0 && responseStart > 0 ? responseStart - requestStart : NaN;
  const trace = serverTiming.find(({ name }) => name === 'traceparent')?.description;
  withTexts([address(name, scrub), TRACE_PARENT.exec(trace)?.[1]], () =>
    machine.addRequest(...took(duration), ...took(wait), startTime, responseStatus >= 400),
  );
  for (const { name, duration } of serverTiming.slice(0, SERVER_TIMINGS_MAX)) {
    const text = textOf(name, SERVER_TIMING_LENGTH_MAX);
    if (text && duration > 0) withTexts([text], () => machine.addServerTiming(...took(duration)));
  }
}

/** A text with what may be told of the addresses in it. */
function scrubbed(text, scrub) {
  return text.replace(ADDRESSES, (_, url, place) => (isAddress(url) ? address(url, scrub) : '') + place);
}

function isAddress(url) {
  try {
    return new URL(url);
  } catch {}
}

/** What is part of the page itself has no address. */
function address(url, scrub) {
  return (/^https?:/.test(url) && scrub(url)) || '';
}

/** The logarithm is dear in wasm. */
function took(ms) {
  return [ms, Math.log2(ms / 1000)];
}
