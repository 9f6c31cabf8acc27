// Bundles the apps into the folder that is named, as its users are told to in docs/renders.md: with React's
// profiling build, and with the modules that stand there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import webpack from 'webpack';

const [, , path] = process.argv;
const modules = join(import.meta.dirname, '../node_modules');
const documented = join(path, 'documented');

/** A block of code whose first line is a comment with the file's name. */
const BLOCK = /^```js\n\/\/ (\S+)\n(.*?)^```$/gms;

mkdirSync(documented, { recursive: true });
for (const [, name, code] of readFileSync(join(import.meta.dirname, '../../../docs/renders.md'), 'utf8').matchAll(BLOCK)) {
  writeFileSync(join(documented, name), code);
}

const app = (name, entry, alias = {}) => ({
  name,
  mode: 'production',
  context: import.meta.dirname,
  entry: { [name]: entry },
  // What is documented, and the package, which is a link, find the packages of this folder.
  resolve: { alias: { ...alias, documented }, modules: ['node_modules', modules], conditionNames: ['svelte', '...'] },
  module: { rules: [{ test: /\.svelte(\.js)?$/, use: join(import.meta.dirname, 'svelte_loader.js') }] },
  output: { path },
  performance: { hints: false },
});

const apps = [
  app('react-18', './react.js', {
    'react$': join(modules, 'react-18'),
    'react-dom/client$': join(modules, 'react-dom-18/profiling.js'),
    'react-dom$': join(modules, 'react-dom-18/profiling.js'),
  }),
  app('react-19', './react.js', {
    'react$': join(modules, 'react-19'),
    'react-dom/client$': join(modules, 'react-dom-19/profiling.js'),
    'react-dom$': join(modules, 'react-dom-19'),
  }),
  app('vue', './vue.js'),
  app('svelte', './svelte.js'),
];

webpack(apps, (error, stats) => {
  if (error) throw error;
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString('errors-warnings'));
});
