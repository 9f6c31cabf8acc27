// A memoised list and a plain one in an app that counts clicks.
import { start } from '@rhumb/collector';
import { RhumbProfiler, onRender } from '@rhumb/collector/react';
import { Profiler, createElement, memo, useState, version } from 'react';
import { createRoot } from 'react-dom/client';
import { work } from './work.js';

window.version = version;
window.rhumb = start({ endpoint: document.documentElement.dataset.endpoint, site: 'default' });

function List() {
  work();
  return createElement('ul', null, createElement('li', null, 'A trip'));
}

const MemoisedList = memo(List);

function App() {
  const [clicks, setClicks] = useState(0);
  return createElement(
    'main',
    null,
    createElement('button', { onClick: () => setClicks(clicks + 1) }, 'Press'),
    createElement('output', null, clicks),
    createElement(RhumbProfiler, { id: 'MemoisedList' }, createElement(MemoisedList)),
    createElement(Profiler, { id: 'List', onRender }, createElement(List)),
  );
}

createRoot(document.getElementById('app')).render(createElement(App));
