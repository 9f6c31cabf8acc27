export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Every wait has an end. */
export async function atMost(ms, what, promise) {
  let timer;
  const end = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}`)), ms);
  });
  return Promise.race([promise, end]).finally(() => clearTimeout(timer));
}
