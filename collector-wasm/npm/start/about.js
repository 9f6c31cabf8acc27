/** Characters of a selector. */
const SELECTOR_LENGTH_MAX = 100;
/** Characters of any other text. */
const LENGTH_MAX = 256;
const ELEMENT = 1;
const DOCUMENT = 9;

/** What an entry is about, a line each: of a script its address, function, invoker and the invoker's type, of all others a selector of the element and the address of its resource. The element itself is not kept; `scrub` says what may be told of an address. */
export function about(entry, generateTarget, scrub) {
  // What is part of the page itself has no address.
  const file = (address) => (/^https?:/.test(address) && scrub(address)) || '';
  const lines =
    entry.entryType === 'script'
      ? [file(entry.sourceURL), line(entry.sourceFunctionName), invokerOf(entry, file), line(entry.invokerType)]
      : [line(target(entry, generateTarget)), file(entry.url)];
  return lines.join('\n').trimEnd();
}

/** A file itself is called by its address, an element without an id by that of its resource. */
export function invokerOf({ invoker = '' }, file) {
  if (/^https?:/.test(invoker)) return file(invoker);
  const scrubbed = (_, src) => `[src=${file(new URL(src, document.baseURI).href)}]`;
  return line(invoker.replace(/\[src="?([^"]*)"?\]/, scrubbed));
}

function target(entry, generateTarget) {
  const node = entry.element ?? entry.target ?? movedMost(entry.sources)?.node;
  if (node) return generateTarget?.(node) ?? selector(node);
  return entry.id ? `#${entry.id}` : entry.targetSelector;
}

/** Of what a layout shift moved, what stands for all. */
export function movedMost(sources = []) {
  return sources.find(({ node }) => node?.nodeType === ELEMENT) ?? sources[0];
}

/** From the element upwards until an id, the document or the limit, in the form of web-vitals. */
export function selector(node) {
  let path = '';
  for (; node && node.nodeType !== DOCUMENT; node = node.parentNode) {
    const step = node.id ? `#${node.id}` : [nameOf(node), ...[...(node.classList ?? [])].sort()].join('.');
    if (path.length + step.length >= SELECTOR_LENGTH_MAX) return path || step;
    path = path ? `${step}>${path}` : step;
    if (node.id) break;
  }
  return path;
}

function nameOf({ nodeType, nodeName }) {
  return nodeType === ELEMENT ? nodeName.toLowerCase() : nodeName.toUpperCase().replace(/^#/, '');
}

/** A text that is too long is left out: cut, it is another. Control characters are ranges here: V8's first match with a class of Unicode takes ten times as long. */
export function line(text) {
  const clean = `${text ?? ''}`.replace(/[\0-\x1f\x7f-\x9f]/g, ' ').trim();
  return clean.length > LENGTH_MAX ? '' : clean;
}
