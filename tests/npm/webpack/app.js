// What somebody's app does with both entries of the package.
import { start } from '@rhumb/collector';
import { onCLS, onFCP, onTTFB } from '@rhumb/collector/web-vitals';
// As in code that is not theirs; bundle.js says where it comes from.
import { onCLS as theirOnCLS, onLCP } from 'web-vitals';
import { onINP } from 'web-vitals/attribution';

window.seen = {};
for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) {
  on(({ name, value }) => (seen[name] = value), { reportAllChanges: true });
}
window.rhumb = start({ endpoint: document.documentElement.dataset.endpoint, site: 'default' });
window.isOneModule = onCLS === theirOnCLS;
