// A bit of work, as an app's own script does: asks for data and makes elements of it.
const HANDLER_MS = 40;

const list = document.querySelector('#trips');
const button = document.querySelector('#sort');

function show(trips) {
  list.replaceChildren(
    ...trips.map(({ name, price }) => {
      const item = document.createElement('li');
      const amount = document.createElement('b');
      amount.textContent = `${price.toFixed(2)} €`;
      item.append(name, amount);
      return item;
    }),
  );
}

const response = await fetch('/page/trips.json');
const trips = await response.json();
show(trips);

button.addEventListener('click', () => {
  const end = performance.now() + HANDLER_MS;
  while (performance.now() < end);
  show(trips.sort((a, b) => a.price - b.price));
});
