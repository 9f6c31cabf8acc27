import { start } from './index.js';

/** The tag that loaded this module. After a redirect its address is another; then the tag that names a site. */
function ownTag() {
  const tags = [...document.querySelectorAll('script[type=module][src]')];
  return tags.find((tag) => tag.src === import.meta.url) ?? tags.find((tag) => tag.dataset.site);
}

const { site = 'default', endpoint, release, route, session } = ownTag()?.dataset ?? {};

window.rhumb = start({
  endpoint: endpoint ?? new URL('.', import.meta.url).href,
  site,
  release,
  route: () => route,
  session: session !== 'false',
});
