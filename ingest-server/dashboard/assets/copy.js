// Buttons that copy what stands beside them.

const COPIED_MS = 2000;

/** What works only with JavaScript is hidden without it. */
export function prepare() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => copy(button));
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), COPIED_MS);
  } catch {
    // The clipboard is closed to pages without TLS; marked text can be copied by hand.
    getSelection().selectAllChildren(source);
  }
}

prepare();
