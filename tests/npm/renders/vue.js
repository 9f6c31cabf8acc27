// The example of docs/renders.md in an app that counts clicks.
import { start } from '@rhumb/collector';
import { createApp, h, ref } from 'vue';
import { useRenders } from 'documented/useRenders.js';
import { work } from './work.js';

window.rhumb = start({ endpoint: document.documentElement.dataset.endpoint, site: 'default' });

const List = {
  props: ['clicks'],
  setup(props) {
    useRenders('List');
    return () => {
      work();
      return h('output', props.clicks);
    };
  },
};

const App = {
  setup() {
    const clicks = ref(0);
    return () => [h('button', { onClick: () => clicks.value++ }, 'Press'), h(List, { clicks: clicks.value })];
  },
};

createApp(App).mount('#app');
