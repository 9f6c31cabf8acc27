// boomerang's npm package has its parts only; this is what its Gruntfile makes of them.
import { readFileSync } from 'node:fs';

const PACKAGE = `${import.meta.dirname}/node_modules/boomerangjs`;

const read = (file) => readFileSync(`${PACKAGE}/${file}`, 'utf8');

/** The flavour that is built by default, without what is for debugging. */
export function boomerang() {
  const { plugins } = JSON.parse(read('plugins.json')).flavors.default;
  return ['boomerang.js', ...plugins, 'plugins/zzz-last-plugin.js']
    .map(read)
    .join('\n')
    .replace(/BOOMR\s*=\s*window\.BOOMR\s*\|\|\s*{};/g, '')
    .replace(/BOOMR\.plugins\s*=\s*BOOMR\.plugins\s*\|\|\s*{};/g, '')
    .replace(/\/\* ?BEGIN_DEBUG ?\*\/[\s\S]*?\/\* ?END_DEBUG ?\*\//g, '')
    .replace(/(BOOMR\.(debug|info|warn|error)|debugLog)\(.*\);/g, '');
}
