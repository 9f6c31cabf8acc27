/** What adds details up, as WebAssembly; compiled beside the main thread. */
import { finish, imports } from './glue.js';
import { digits } from './module.js';
import { decode } from '../module/hexadecimal.js';

/** Returns what the module exports: functions that take numbers only. */
export async function makeMachine() {
  const { instance } = await WebAssembly.instantiate(decode(digits), imports());
  return finish(instance);
}
