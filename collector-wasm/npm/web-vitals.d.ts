/** The functions, options and objects of web-vitals 6 with attribution. Times are milliseconds since the page's time origin, durations milliseconds, CLS has no unit. */

// What browsers report and TypeScript's own declarations do not know in every version: global, and
// named as web-vitals names it, because its callers write these names.

interface EntryMap {
  event: PerformanceEventTiming;
  'interaction-contentful-paint': InteractionContentfulPaint;
  'layout-shift': LayoutShift;
  navigation: PerformanceNavigationTiming;
  paint: PerformancePaintTiming;
  resource: PerformanceResourceTiming;
  'soft-navigation': PerformanceSoftNavigation;
}

declare global {
  interface Document {
    prerendering?: boolean;
    wasDiscarded?: boolean;
  }
  interface Performance {
    getEntriesByType<K extends keyof EntryMap>(type: K): EntryMap[K][];
  }
  interface PerformanceEntry {
    navigationId?: number;
  }
  interface PerformanceObserverInit {
    durationThreshold?: number;
  }
  interface PerformanceNavigationTiming extends PerformanceEntry {
    activationStart?: number;
  }
  interface PerformanceEventTiming extends PerformanceEntry {
    duration: DOMHighResTimeStamp;
    readonly interactionId: number;
    readonly targetSelector: string;
  }

  /** Content that moved between two frames. */
  interface LayoutShift extends PerformanceEntry {
    value: number;
    sources: LayoutShiftAttribution[];
    hadRecentInput: boolean;
  }
  /** One node that moved. */
  interface LayoutShiftAttribution {
    node: Node | null;
    previousRect: DOMRectReadOnly;
    currentRect: DOMRectReadOnly;
  }

  /** What was larger than all that was painted before. */
  interface LargestContentfulPaint extends PerformanceEntry {
    readonly renderTime: DOMHighResTimeStamp;
    readonly loadTime: DOMHighResTimeStamp;
    readonly size: number;
    readonly id: string;
    readonly url: string;
    readonly element: Element | null;
  }
  /** What an interaction led to. */
  interface InteractionContentfulPaint extends PerformanceEntry {
    readonly interactionId: number;
    readonly largestContentfulPaint?: LargestContentfulPaint;
  }

  /** A new route in the same document, noticed by the browser. */
  interface PerformanceSoftNavigation extends PerformanceEntry {
    readonly interactionId: number;
    readonly navigationType?: NavigationType;
    readonly paintTime?: number;
    readonly presentationTime?: number;
    readonly getLargestInteractionContentfulPaint?: () => InteractionContentfulPaint | null;
  }
  var PerformanceSoftNavigation: { prototype: PerformanceSoftNavigation };

  /** A script that ran for 5 ms or more in a long animation frame. */
  interface PerformanceScriptTiming extends PerformanceEntry {
    readonly startTime: DOMHighResTimeStamp;
    readonly duration: DOMHighResTimeStamp;
    readonly name: string;
    readonly entryType: string;
    readonly invokerType:
      | 'classic-script'
      | 'module-script'
      | 'event-listener'
      | 'user-callback'
      | 'resolve-promise'
      | 'reject-promise';
    readonly invoker: string;
    readonly executionStart: DOMHighResTimeStamp;
    readonly sourceURL: string;
    readonly sourceFunctionName: string;
    readonly sourceCharPosition: number;
    readonly pauseDuration: DOMHighResTimeStamp;
    readonly forcedStyleAndLayoutDuration: DOMHighResTimeStamp;
    readonly window?: Window;
    readonly windowAttribution: 'self' | 'descendant' | 'ancestor' | 'same-page' | 'other';
  }
  /** More than 50 ms without a chance to paint. */
  interface PerformanceLongAnimationFrameTiming extends PerformanceEntry {
    readonly startTime: DOMHighResTimeStamp;
    readonly duration: DOMHighResTimeStamp;
    readonly name: string;
    readonly entryType: string;
    readonly renderStart: DOMHighResTimeStamp;
    readonly styleAndLayoutStart: DOMHighResTimeStamp;
    readonly blockingDuration: DOMHighResTimeStamp;
    readonly firstUIEventTimestamp: DOMHighResTimeStamp;
    readonly scripts: PerformanceScriptTiming[];
  }
}

// Options.

export interface ReportOpts {
  /** Whether the callback is called for every new value, not only for final ones. Default: `false`. */
  reportAllChanges?: boolean;
  /** Events shorter than this are ignored; INP only. Default: 40. */
  durationThreshold?: number;
  /** Whether a soft navigation begins a page view of its own, where the browser notices it. Default: `false`. */
  reportSoftNavs?: boolean;
}

export interface AttributionReportOpts extends ReportOpts {
  /** Names an element, instead of a selector. */
  generateTarget?: (el: Node | null) => string | undefined;
}

export interface INPReportOpts extends ReportOpts {}

export interface INPAttributionReportOpts extends AttributionReportOpts {
  /** Whether `processedEventEntries` is filled, which takes memory. Default: `false`. */
  includeProcessedEventEntries?: boolean;
}

export interface LCPAttributionReportOpts extends AttributionReportOpts {
  /** Resources that are remembered besides the browser's own 250. Default: 50. */
  resourceBufferSize?: number;
}

// Metrics.

/** At or below the first: good. Above the second: poor. */
export type MetricRatingThresholds = [number, number];

export type LoadState = 'loading' | 'dom-interactive' | 'dom-content-loaded' | 'complete';

export interface Metric {
  name: 'CLS' | 'FCP' | 'INP' | 'LCP' | 'TTFB';
  value: number;
  rating: 'good' | 'needs-improvement' | 'poor';
  /** Since the callback was called with this metric before. */
  delta: number;
  /** The same for all values of one page view: `v6-…`. */
  id: string;
  /** What the value was made from; may be empty. */
  entries: PerformanceEntry[];
  navigationType:
    | 'navigate'
    | 'reload'
    | 'back-forward'
    | 'back-forward-cache'
    | 'prerender'
    | 'restore'
    | 'soft-navigation';
  /** 0 where the browser does not tell. */
  navigationId: number;
  /** The interaction that led to a soft navigation. */
  navigationInteractionId?: number;
  navigationStartTime?: number;
  navigationURL?: string;
}

export interface CLSAttribution {
  /** Selector of the element that stands for what moved. */
  largestShiftTarget?: string;
  largestShiftTime?: number;
  largestShiftValue?: number;
  largestShiftEntry?: LayoutShift;
  largestShiftSource?: LayoutShiftAttribution;
  loadState?: LoadState;
}

export interface FCPAttribution {
  timeToFirstByte: number;
  firstByteToFCP: number;
  loadState: LoadState;
  fcpEntry?: PerformancePaintTiming;
  navigationEntry?: PerformanceNavigationTiming | PerformanceSoftNavigation;
}

export interface FIDAttribution {
  eventTarget: string;
  eventType: string;
  eventTime: number;
  eventEntry: PerformanceEventTiming;
  loadState: LoadState;
}

export interface INPLongestScriptSummary {
  entry: PerformanceScriptTiming;
  subpart: 'input-delay' | 'processing-duration' | 'presentation-delay';
  /** How long it ran after the interaction had come. */
  intersectingDuration: number;
}

/** Input delay, processing and presentation delay add up to the value. */
export interface INPAttribution {
  interactionTarget?: string;
  interactionTime?: number;
  interactionType?: 'pointer' | 'keyboard';
  nextPaintTime?: number;
  processedEventEntries: PerformanceEventTiming[];
  inputDelay: number;
  processingDuration: number;
  presentationDelay: number;
  loadState: LoadState;
  longAnimationFrameEntries: PerformanceLongAnimationFrameTiming[];
  longestScript?: INPLongestScriptSummary;
  totalScriptDuration?: number;
  totalStyleAndLayoutDuration?: number;
  totalPaintDuration?: number;
  totalUnattributedDuration?: number;
}

/** The four durations add up to the value. */
export interface LCPAttribution {
  target?: string;
  url?: string;
  timeToFirstByte: number;
  resourceLoadDelay: number;
  resourceLoadDuration: number;
  elementRenderDelay: number;
  navigationEntry?: PerformanceNavigationTiming | PerformanceSoftNavigation;
  lcpResourceEntry?: PerformanceResourceTiming;
  lcpEntry?: LargestContentfulPaint;
}

/** The five durations add up to the value. */
export interface TTFBAttribution {
  waitingDuration: number;
  cacheDuration: number;
  dnsDuration: number;
  connectionDuration: number;
  requestDuration: number;
  navigationEntry?: PerformanceNavigationTiming | PerformanceSoftNavigation;
}

export interface CLSMetric extends Metric {
  name: 'CLS';
  entries: LayoutShift[];
}
export interface FCPMetric extends Metric {
  name: 'FCP';
  entries: PerformancePaintTiming[];
}
export interface FIDMetric extends Omit<Metric, 'name' | 'entries'> {
  name: 'FID';
  entries: PerformanceEventTiming[];
}
export interface INPMetric extends Metric {
  name: 'INP';
  entries: PerformanceEventTiming[];
}
export interface LCPMetric extends Metric {
  name: 'LCP';
  entries: LargestContentfulPaint[];
}
export interface TTFBMetric extends Metric {
  name: 'TTFB';
  entries: PerformanceNavigationTiming[] | PerformanceSoftNavigation[];
}

export interface CLSMetricWithAttribution extends CLSMetric {
  attribution: CLSAttribution;
}
export interface FCPMetricWithAttribution extends FCPMetric {
  attribution: FCPAttribution;
}
export interface FIDMetricWithAttribution extends FIDMetric {
  attribution: FIDAttribution;
}
export interface INPMetricWithAttribution extends INPMetric {
  attribution: INPAttribution;
}
export interface LCPMetricWithAttribution extends LCPMetric {
  attribution: LCPAttribution;
}
export interface TTFBMetricWithAttribution extends TTFBMetric {
  attribution: TTFBAttribution;
}

export type MetricType = CLSMetric | FCPMetric | INPMetric | LCPMetric | TTFBMetric;

export type MetricWithAttribution =
  | CLSMetricWithAttribution
  | FCPMetricWithAttribution
  | INPMetricWithAttribution
  | LCPMetricWithAttribution
  | TTFBMetricWithAttribution;

/** @deprecated A function of the metric's own type says more. */
export interface ReportCallback {
  (metric: MetricType): void;
}

// Functions. Each calls back with the same object as long as the page view is the same.

/** Cumulative Layout Shift. */
export function onCLS(onReport: (metric: CLSMetricWithAttribution) => void, opts?: AttributionReportOpts): void;
/** First Contentful Paint. */
export function onFCP(onReport: (metric: FCPMetricWithAttribution) => void, opts?: AttributionReportOpts): void;
/** Interaction to Next Paint. */
export function onINP(onReport: (metric: INPMetricWithAttribution) => void, opts?: INPAttributionReportOpts): void;
/** Largest Contentful Paint. */
export function onLCP(onReport: (metric: LCPMetricWithAttribution) => void, opts?: LCPAttributionReportOpts): void;
/** Time to First Byte, told once the page is loaded. */
export function onTTFB(onReport: (metric: TTFBMetricWithAttribution) => void, opts?: AttributionReportOpts): void;
/** First Input Delay. @deprecated INP has replaced it. */
export function onFID(onReport: (metric: FIDMetricWithAttribution) => void, opts?: AttributionReportOpts): void;

/** @deprecated {@link onCLS}. The second argument may be `reportAllChanges`, as before version 3. */
export function getCLS(onReport: (metric: CLSMetricWithAttribution) => void, opts?: AttributionReportOpts | boolean): void;
/** @deprecated {@link onFCP} */
export function getFCP(onReport: (metric: FCPMetricWithAttribution) => void, opts?: AttributionReportOpts | boolean): void;
/** @deprecated {@link onINP} has replaced it. */
export function getFID(onReport: (metric: FIDMetricWithAttribution) => void, opts?: AttributionReportOpts | boolean): void;
/** @deprecated {@link onINP} */
export function getINP(onReport: (metric: INPMetricWithAttribution) => void, opts?: INPAttributionReportOpts | boolean): void;
/** @deprecated {@link onLCP} */
export function getLCP(onReport: (metric: LCPMetricWithAttribution) => void, opts?: LCPAttributionReportOpts | boolean): void;
/** @deprecated {@link onTTFB} */
export function getTTFB(onReport: (metric: TTFBMetricWithAttribution) => void, opts?: AttributionReportOpts | boolean): void;

export const CLSThresholds: MetricRatingThresholds;
export const FCPThresholds: MetricRatingThresholds;
export const FIDThresholds: MetricRatingThresholds;
export const INPThresholds: MetricRatingThresholds;
export const LCPThresholds: MetricRatingThresholds;
export const TTFBThresholds: MetricRatingThresholds;
