// Compiles if whoever writes the global names that web-vitals declares needs web-vitals no more.
import { onCLS, onINP, type CLSMetric, type INPMetricWithAttribution } from '@rhumb/collector/web-vitals';

const moved = (shifts: LayoutShift[]) => shifts.map(({ value, sources: [source] }) => [value, source?.node]);
onCLS((metric: CLSMetric) => moved(metric.entries));

onINP(({ attribution }: INPMetricWithAttribution) => {
  const frames: PerformanceLongAnimationFrameTiming[] = attribution.longAnimationFrameEntries;
  const script: PerformanceScriptTiming | undefined = attribution.longestScript?.entry ?? frames[0]?.scripts[0];
  return script?.sourceURL;
});

const soft: PerformanceSoftNavigation | undefined = performance.getEntriesByType('soft-navigation')[0];
export const largest = soft?.getLargestInteractionContentfulPaint?.()?.largestContentfulPaint?.url;
export const isPrerendering = document.prerendering;
