// Compiles if the types are those of web-vitals, side by side and alone.
import type * as plain from 'web-vitals';
import type * as theirs from 'web-vitals/attribution';
import type * as aliased from '@rhumb/collector/web-vitals/attribution';
import type * as single from '@rhumb/collector/web-vitals/onLCP.js';
import * as ours from '@rhumb/collector/web-vitals';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export const functionsAndThresholds: { [Name in keyof typeof theirs]: Same<(typeof theirs)[Name], (typeof ours)[Name]> } = {
  onCLS: true,
  onFCP: true,
  onINP: true,
  onLCP: true,
  onTTFB: true,
  CLSThresholds: true,
  FCPThresholds: true,
  INPThresholds: true,
  LCPThresholds: true,
  TTFBThresholds: true,
};

export const types: {
  Metric: Same<theirs.Metric, ours.Metric>;
  MetricType: Same<theirs.MetricType, ours.MetricType>;
  MetricWithAttribution: Same<theirs.MetricWithAttribution, ours.MetricWithAttribution>;
  MetricRatingThresholds: Same<theirs.MetricRatingThresholds, ours.MetricRatingThresholds>;
  ReportCallback: Same<theirs.ReportCallback, ours.ReportCallback>;
  ReportOpts: Same<theirs.ReportOpts, ours.ReportOpts>;
  AttributionReportOpts: Same<theirs.AttributionReportOpts, ours.AttributionReportOpts>;
  INPReportOpts: Same<theirs.INPReportOpts, ours.INPReportOpts>;
  INPAttributionReportOpts: Same<theirs.INPAttributionReportOpts, ours.INPAttributionReportOpts>;
  LCPAttributionReportOpts: Same<theirs.LCPAttributionReportOpts, ours.LCPAttributionReportOpts>;
  LoadState: Same<theirs.LoadState, ours.LoadState>;
  CLSAttribution: Same<theirs.CLSAttribution, ours.CLSAttribution>;
  FCPAttribution: Same<theirs.FCPAttribution, ours.FCPAttribution>;
  INPAttribution: Same<theirs.INPAttribution, ours.INPAttribution>;
  INPLongestScriptSummary: Same<theirs.INPLongestScriptSummary, ours.INPLongestScriptSummary>;
  LCPAttribution: Same<theirs.LCPAttribution, ours.LCPAttribution>;
  TTFBAttribution: Same<theirs.TTFBAttribution, ours.TTFBAttribution>;
} = {
  Metric: true,
  MetricType: true,
  MetricWithAttribution: true,
  MetricRatingThresholds: true,
  ReportCallback: true,
  ReportOpts: true,
  AttributionReportOpts: true,
  INPReportOpts: true,
  INPAttributionReportOpts: true,
  LCPAttributionReportOpts: true,
  LoadState: true,
  CLSAttribution: true,
  FCPAttribution: true,
  INPAttribution: true,
  INPLongestScriptSummary: true,
  LCPAttribution: true,
  TTFBAttribution: true,
};

export const subpaths: [Same<typeof ours, typeof aliased>, Same<typeof ours, typeof single>] = [true, true];

// What is written for the entry without attribution.
const log = (metric: plain.Metric) => console.log(metric.name, metric.value);
ours.onCLS(log);
ours.onLCP(log, { reportAllChanges: true } satisfies plain.ReportOpts);
ours.onINP((metric: plain.INPMetric) => metric.entries[0]?.interactionId);

// Retired names.
ours.getCLS(log, true);
ours.getFID(({ entries: [entry], attribution }) => [entry?.processingStart, attribution.eventTarget]);
