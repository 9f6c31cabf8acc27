/** A guest: what fails here must not fail the page. */
export function guard(action) {
  try {
    return action();
  } catch (error) {
    warn(error);
  }
}

export function warn(error) {
  console.warn('rhumb:', error);
}
