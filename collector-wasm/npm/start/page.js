import { early } from './early.js';
import { session } from './session.js';

/** What wasm asks of the page: filled in when measuring begins, because wasm is bound to it before. What the stub has kept, and what was reported, waits here for the details. */
export const page = {
  early,
  reported: early?.errors ?? [],
  get sessionId() {
    return this.session && session();
  },
};

/** In the order of `Text` in `page.rs`. */
const TEXTS = ['site', 'sessionId', 'release', 'url', 'route', 'about'];

let characters;

/** Returns how many characters the text has: 0 for absent. */
export function openText(index) {
  characters = [...(page[TEXTS[index]] || '')].map((character) => character.codePointAt());
  return characters.length;
}

export const readText = (into) => into.set(characters);
