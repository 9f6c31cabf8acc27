// Compiles if what is for React fits React.
import { start, type RenderPhase, type Rhumb } from '@rhumb/collector';
import { RhumbProfiler, onRender } from '@rhumb/collector/react';
import { Profiler, createElement, type FunctionComponent, type ProfilerOnRenderCallback } from 'react';

const callback: ProfilerOnRenderCallback = onRender;
const component: FunctionComponent<{ id: string }> = RhumbProfiler;
const rhumb: Rhumb = start({ endpoint: 'https://rum.example.com', site: 'default' });
const phase: RenderPhase = 'nested-update';
rhumb.render('TripList', phase, 3.2, 8);

export const elements = [
  createElement(RhumbProfiler, { id: 'TripList' }, 'trips'),
  createElement(Profiler, { id: 'TripList', onRender: callback }),
  createElement(Profiler, { id: 'TripList', onRender: rhumb.render }),
  createElement(component, { id: 'TripList' }),
];
// @ts-expect-error: an id is needed.
createElement(RhumbProfiler, {});
// @ts-expect-error: React has no such phase.
rhumb.render('TripList', 'unmount', 3.2, 8);
