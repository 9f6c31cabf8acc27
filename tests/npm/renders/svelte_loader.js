import { compile, compileModule } from 'svelte/compiler';

/** For components, and modules with runes. */
export default function (source) {
  const options = { filename: this.resourcePath, dev: false };
  const make = this.resourcePath.endsWith('.svelte') ? compile : compileModule;
  return make(source, options).js.code;
}
