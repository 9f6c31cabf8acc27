// Bundles the app into the folder that is named.
import webpack from 'webpack';

const [, , path] = process.argv;
const options = {
  mode: 'production',
  context: import.meta.dirname,
  entry: './app.js',
  resolve: { alias: { 'web-vitals': '@rhumb/collector/web-vitals' } },
  output: { path, clean: true },
};

webpack(options, (error, stats) => {
  if (error) throw error;
  // Warnings too: nobody wants one of a package.
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString('errors-warnings'));
});
