/** A guest: what fails here must not fail the page. */
export function guard(action) {
  try {
    return action();
  } catch (error) {
    warn(error);
  }
}

let said;

/** Once, however often it happens. */
export function warn(error) {
  try {
    if (`${error}` !== said) console.warn('rhumb:', error);
    said = `${error}`;
  } catch {
    // Whatever the page throws, even what cannot be a text, and whatever it makes of the console.
  }
}
