// What the server sent, before any script has changed it: whoever needs that imports this first.

export const sent = document.getElementById('main').innerHTML;
