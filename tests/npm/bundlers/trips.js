/** So much that it can be told from the rest. */
export const trips = Array.from({ length: 3 }, (_, n) => ({
  name: `A trip that begins at the station, and ends there, with number ${n}`,
  price: 90 + n,
}));
