'use client';
import { createElement, Profiler } from 'react';
import { render } from './index.js';

/** For a `Profiler` of your own. */
export function onRender(id, phase, actualDuration, baseDuration) {
  render(id, phase, actualDuration, baseDuration);
}

export function RhumbProfiler({ id, children }) {
  return createElement(Profiler, { id, onRender }, children);
}
