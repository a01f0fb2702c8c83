import { say, visit } from './swap.js';

// A running trace: the server tells which layers have arrived. Their tiles, which wait in the page with the addresses of their
// pictures, are filled at once; the inspector is fetched when its layer is there, the rest when the run is over. A page has
// one stream, and a newer run closes the older one.

let source, url, stage, here = new Set();

export function start() {
  const box = document.querySelector('[data-stream]');
  if (!box) return stop();
  if (box.dataset.stream === url) return;
  stop();
  url = box.dataset.stream;
  here = new Set();
  stage = 0;
  source = new EventSource(url);
  source.addEventListener('layer', (e) => {
    const at = JSON.parse(e.data);
    report(at.text, at.percent);
    if (at.stage > stage) say(at.text);
    stage = Math.max(stage, at.stage);
    if (!at.kept) return;
    here.add(at.path);
    fill(at.path);
    const panel = document.querySelector('.insp:has([data-pending])');
    if (panel?.dataset.layer === at.path) visit(location.href, { history: 'none', only: ['insp'] });
  });
  source.addEventListener('queue', (e) => report(JSON.parse(e.data).text, 0));
  for (const name of ['done', 'failed']) {
    source.addEventListener(name, () => {
      stop();
      visit(location.href, { history: 'none', quiet: true }).then(() => say(document.querySelector('[data-stream-text]')?.textContent || ''));
    });
  }
  source.onerror = () => source?.readyState === EventSource.CLOSED && stop();
}

function stop() {
  source?.close();
  source = url = undefined;
}

function report(text, percent) {
  const box = document.querySelector('[data-stream]');
  if (!box) return;
  box.querySelector('[data-stream-text]').textContent = text;
  box.querySelector('[data-stream-bar]').setAttribute('width', percent);
}

// fill shows the pictures of a layer that has arrived, as far as they are on the screen.
function fill(path) {
  for (const tile of document.querySelectorAll(`[data-wait="${CSS.escape(path)}"]:not([href])`)) {
    if (!tile.closest('svg:not(svg svg)').checkVisibility()) continue;
    tile.addEventListener('load', () => tile.classList.add('fresh'), { once: true });
    tile.setAttribute('href', tile.dataset.href);
  }
}

// A new picture or network stops the look at the old one; a part that was drawn before its layers arrived gets them.
document.addEventListener('visited', () => (document.querySelector('[data-stream]') ? here.forEach(fill) : stop()));
addEventListener('pagehide', stop);
