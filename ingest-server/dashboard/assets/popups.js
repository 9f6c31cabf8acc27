// Closes what pops up over the page: by Escape, by a click elsewhere, or when another one opens.

const OPEN = 'details[data-popup][open]';

addEventListener('click', ({ target }) => {
  for (const popup of document.querySelectorAll(OPEN)) {
    if (!popup.contains(target)) popup.open = false;
  }
});

addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const popup of document.querySelectorAll(OPEN)) {
    if (popup.contains(document.activeElement)) popup.querySelector('summary').focus();
    popup.open = false;
  }
});
