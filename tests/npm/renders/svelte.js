// The example of docs/renders.md in an app that counts clicks.
import { start } from '@rhumb/collector';
import { mount } from 'svelte';
import App from './App.svelte';

window.rhumb = start({ endpoint: document.documentElement.dataset.endpoint, site: 'default' });
mount(App, { target: document.getElementById('app') });
