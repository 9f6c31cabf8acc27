import { start } from './index.js';

/** The tag that loaded this module. After a redirect its address is another; then the tag that names a site. */
function ownTag() {
  const tags = [...document.querySelectorAll('script[type=module][src]')];
  return tags.find((tag) => tag.src === import.meta.url) ?? tags.find((tag) => tag.dataset.site);
}

const { site = 'default', endpoint, path, release, route, sampleRate, ...data } =
  ownTag()?.dataset ?? {};

/** Everything in an attribute is text; the others are flags. */
const flags = Object.entries(data).map(([name, value]) => [name, value !== 'false']);

window.rhumb = start({
  endpoint: endpoint ?? new URL('.', import.meta.url).href,
  site,
  path,
  release,
  route: () => route,
  sampleRate: +(sampleRate || 1),
  ...Object.fromEntries(flags),
});
