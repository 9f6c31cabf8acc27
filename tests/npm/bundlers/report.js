/** What hardly any visitor loads. */
export function report(trips) {
  console.log(`What all of these ${trips.length} trips cost together, in the currency of the page:`);
  console.log(trips.reduce((sum, { price }) => sum + price, 0));
}
