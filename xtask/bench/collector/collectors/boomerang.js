// A script, not a module: build.js puts it behind boomerang's own files.
BOOMR.init({ beacon_url: `http://127.0.0.1:${location.port}/beacon`, beacon_type: 'POST' });
