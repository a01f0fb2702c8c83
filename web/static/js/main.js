// Start of the page's scripts. Pages work without them: every module looks for data- attributes in finished markup and takes
// round trips away. Modules that a page has no use for are not loaded.
import { copying } from './copylink.js';
import { keys } from './keys.js';
import { menus } from './menu.js';
import { parts, visit } from './swap.js';
import { theme } from './theme.js';
import { upload } from './upload.js';

const wanted = {
  '[data-probe], [data-grid]': () => import('./probe.js'),
  '[data-stream]': () => import('./stream.js'),
  'form[data-live], [data-range]': () => import('./range.js'),
  '[data-pad]': () => import('./drawpad.js'),
  'form[data-rows]': () => import('./rows.js'),
};

// start sets up a part of the page: the whole at first, later each part that was swapped in. What has been loaded starts at
// once, so that a part never stands there without its keys.
const loaded = {};
function start(root) {
  for (const [selector, load] of Object.entries(wanted)) {
    if (!root.matches?.(selector) && !root.querySelector(selector)) continue;
    if (loaded[selector]) loaded[selector].start(root);
    else load().then((m) => (loaded[selector] = m).start(root));
  }
}

document.addEventListener('swapped', (e) => start(e.detail.part));
for (const setup of [parts, theme, menus, copying, keys, upload]) setup();
start(document);

// A page that waits for a download or for a run looks again by itself, as long as it says so.
let next, seconds;
async function look() {
  if (document.hidden || !await visit(location.href, { history: 'none', quiet: true })) poll();
}
function poll(doc) {
  if (doc) seconds = Number(doc.querySelector('[data-poll]')?.dataset.poll);
  clearTimeout(next);
  if (seconds) next = setTimeout(look, 1000 * seconds);
}
document.addEventListener('visited', (e) => poll(e.detail.doc));
poll(document);
