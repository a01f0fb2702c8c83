import { say, visit } from './swap.js';

// A running trace: the server tells which layers have arrived, and the parts of the page that show them are taken over, at
// most twice a second; new pictures fade in. A page has one stream, and a newer run closes the older one.

let source, url, busy, again, seen = new Set(), timer;

export function start(root) {
  const box = document.querySelector('[data-stream]');
  if (!box) return stop();
  if (box.dataset.stream === url) return;
  stop();
  url = box.dataset.stream;
  seen = new Set();
  source = new EventSource(url);
  source.addEventListener('layer', (e) => {
    seen.add(JSON.parse(e.data).path);
    later();
  });
  source.addEventListener('queue', later);
  for (const name of ['done', 'failed']) {
    source.addEventListener(name, () => {
      stop();
      refresh().then(() => say(document.querySelector('[data-stream-text]')?.textContent || ''));
    });
  }
  source.onerror = () => source?.readyState === EventSource.CLOSED && stop();
}

function stop() {
  source?.close();
  clearTimeout(timer);
  source = timer = url = undefined;
}

function later() {
  if (!timer) timer = setTimeout(() => { timer = undefined; refresh(); }, 500);
}

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const fresh = seen;
  seen = new Set();
  await visit(location.href, { history: 'none', quiet: true });
  for (const el of document.querySelectorAll('[data-node], [data-tile]')) {
    if (fresh.has(el.dataset.node || el.dataset.tile)) el.classList.add('fresh');
  }
  busy = false;
  if (again) {
    again = false;
    later();
  }
}

// A new picture or network stops the look at the old one.
document.addEventListener('visited', () => document.querySelector('[data-stream]') || stop());
addEventListener('pagehide', stop);
