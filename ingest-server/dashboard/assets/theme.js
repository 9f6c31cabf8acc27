// Blocking and in the head, so that no page flashes in the wrong theme.
(() => {
  const KEY = 'rhumb.theme';
  const THEMES = { auto: 'Auto', light: 'Light', dark: 'Dark' };
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  let theme = stored() in THEMES ? stored() : 'auto';

  const apply = () => {
    if (theme === 'auto') root.removeAttribute('data-theme');
    else root.dataset.theme = theme;
  };

  const label = (button) => {
    button.textContent = `◐ ${THEMES[theme]}`;
    button.setAttribute('aria-label', `Theme: ${THEMES[theme]}. Change`);
  };

  apply();
  // The bar is there long before the end of a page of which the rest is still being counted.
  const prepare = () => {
    const button = document.getElementById('theme');
    if (!button) {
      if (document.readyState === 'loading') requestAnimationFrame(prepare);
      return;
    }
    label(button);
    button.hidden = false;
    button.addEventListener('click', () => {
      const names = Object.keys(THEMES);
      theme = names[(names.indexOf(theme) + 1) % names.length];
      label(button);
      try {
        localStorage.setItem(KEY, theme);
      } catch {
        // The choice then lasts as long as the page.
      }
      // The button answers with the next frame. All of the page is styled anew, which is for the one after it.
      requestAnimationFrame(() => setTimeout(apply));
    });
  };
  prepare();
})();
