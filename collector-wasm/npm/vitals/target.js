import { selector } from '../start/about.js';

/** What the caller calls the element, or a selector of it. */
export function targetOf(node, generateTarget) {
  const name = generateTarget ? generateTarget(node) : undefined;
  return name ?? safely(() => selector(node)) ?? '';
}

function safely(read) {
  try {
    return read();
  } catch {
    // The page may have put anything in the way.
    return undefined;
  }
}
