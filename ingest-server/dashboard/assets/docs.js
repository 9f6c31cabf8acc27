// Shows /openapi.json. Nothing is loaded from elsewhere, and the token that the reader types is forgotten
// with the page.
(() => {
  const root = document.documentElement;
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const theme = () => root.dataset.theme ?? (prefersDark.matches ? 'dark' : 'light');
  const follow = () => root.classList.toggle('dark-mode', theme() === 'dark');

  // Without its files there is nothing to show with; the page says so.
  if (typeof SwaggerUIBundle === 'undefined') return;
  follow();
  prefersDark.addEventListener('change', follow);
  new MutationObserver(follow).observe(root, { attributeFilter: ['data-theme'] });
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    // Would ask a service of the maker.
    validatorUrl: null,
  });
})();
