const WORK_MS = 2;

/** Takes longer than the noise of a busy machine. */
export function work() {
  const end = performance.now() + WORK_MS;
  while (performance.now() < end);
}
