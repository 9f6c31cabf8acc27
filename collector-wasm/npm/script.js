import { start } from './index.js';

/** The tag that loaded this module. After a redirect its address is another; then the tag that names a site. */
function ownTag() {
  const tags = [...document.querySelectorAll('script[type=module][src]')];
  return tags.find((tag) => tag.src === import.meta.url) ?? tags.find((tag) => tag.dataset.site);
}

const { route, sampleRate = 1, ...data } = ownTag()?.dataset ?? {};
/** Everything in an attribute is text. */
const isOn = (name) => (name in data ? { [name]: data[name] !== 'false' } : {});

window.rhumb = start({
  endpoint: new URL('.', import.meta.url).href,
  site: 'default',
  ...data,
  ...isOn('session'),
  ...isOn('softNavigations'),
  ...isOn('offlineQueue'),
  ...isOn('consent'),
  ...isOn('honorPrivacySignals'),
  sampleRate: +sampleRate,
  route: route && (() => route),
});
