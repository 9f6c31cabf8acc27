import type { ReactElement, ReactNode } from 'react';

/**
 * Tells how often, and for how long, what is within it is rendered: React's `Profiler` with
 * {@link onRender}. A production build needs `react-dom/profiling`, without which React's `Profiler`
 * is silent.
 */
export function RhumbProfiler(props: {
  /** What reports call it, such as `TripList`: 1 to 128 bytes. */
  id: string;
  children?: ReactNode;
}): ReactElement;

/**
 * What React's own `Profiler` takes. Tells the collector that `start()` has begun; before that, and on
 * a server, it does nothing.
 */
export function onRender(
  id: string,
  phase: 'mount' | 'update' | 'nested-update',
  actualDuration: number,
  baseDuration: number,
  startTime: number,
  commitTime: number,
): void;
