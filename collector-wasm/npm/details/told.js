/** What the machine asks for while it is told something, and what it answers. */
let texts = [];
let characters;
let heard;

/** The machine is told something that these texts belong to. */
export function withTexts(all, action) {
  texts = all;
  action();
}

/** Returns how many characters the text has: 0 for absent. */
export function openText(index) {
  characters = [...(texts[index] ?? '')].map((character) => character.codePointAt());
  return characters.length;
}

export const readText = (into) => into.set(characters);

export const hear = (sections) => (heard = sections.slice());

/** All that the machine has to tell, in at most so many bytes. */
export function sectionsOf(machine, bytesMax) {
  machine.tell(bytesMax);
  return heard;
}
