/** Several properties at once, because each way between wasm and JavaScript has its price: what is no number is NaN, true is 1. */
export function numbers(object, names, into) {
  names.split(' ').forEach((name, index) => (into[index] = object[name]));
}
