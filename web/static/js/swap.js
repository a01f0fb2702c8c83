// Page parts: a link or a form that leads to the same page in another state fetches that page and takes over the parts that
// differ. The server needs no second form of any page. The latest request wins; whatever fails falls back to a plain visit.

// Requests on their way, by who asked: the visitor, the page itself, or a part of it.
const running = {};

const main = () => document.querySelector('main[data-swap]');
const ids = () => (main()?.dataset.swap || '').split(' ').filter(Boolean);

// visit shows a page in place. history is 'push', 'replace' or 'none'; only limits the parts; keep names an element whose
// surroundings must stay, such as the slider that is being dragged. A quiet visit is the page's own wish: it never takes the
// place of what the visitor asked for.
export async function visit(url, { history = 'push', only, keep, quiet = Boolean(only) } = {}) {
  if (quiet && running.visitor) return null;
  const who = only ? only.join() : quiet ? 'page' : 'visitor';
  for (const name of quiet ? [who] : Object.keys(running)) running[name]?.abort();
  const mine = (running[who] = new AbortController());
  let doc;
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: 'text/html', Prefer: 'return=representation' + (quiet ? ', wait=0' : '') } });
    // A page may also say what it could not do (422); it has no address of its own.
    if (!answer.ok && answer.status !== 422 || answer.redirected && new URL(answer.url).pathname !== location.pathname) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!answer.ok && !page.querySelector('main[data-swap]')) throw new Error(answer.status);
    doc = page;
    if (!answer.ok) history = 'none';
    url = answer.headers.get('Content-Location') || (answer.redirected ? answer.url : url);
  } catch (e) {
    if (e.name !== 'AbortError' && history !== 'none') location.assign(url);
  }
  if (running[who] === mine) delete running[who];
  if (mine.signal.aborted || !doc) return null;
  if (history === 'push') window.history.pushState(null, '', url);
  if (history === 'replace') window.history.replaceState(null, '', url);
  take(doc, only, keep);
  return doc;
}

function take(doc, only, keep) {
  const focus = nameOf(document.activeElement);
  document.title = doc.title;
  const old = main(), next = doc.querySelector('main[data-swap]');
  if (old && next && !only) old.className = next.className;
  if (!only) for (const s of ['.lang', '[data-image-chip]']) replace(document.querySelector(s), doc.querySelector(s));
  for (const id of only || ids()) {
    const a = document.getElementById(id), b = doc.getElementById(id);
    if (keep && a?.contains(keep)) continue;
    if (replace(a, b)) document.dispatchEvent(new CustomEvent('swapped', { detail: { part: b, doc } }));
  }
  document.dispatchEvent(new CustomEvent('visited', { detail: { doc, keep } }));
  if (focus && document.activeElement === document.body) document.querySelector(focus)?.focus({ preventScroll: true });
}

function replace(a, b) {
  if (!a || !b || a.outerHTML === b.outerHTML) return false;
  const scrolls = [a, ...a.querySelectorAll('.lesb, .scrollx, .diag')].map((e) => [e.scrollTop, e.scrollLeft]);
  const full = a.classList.contains('full');
  a.replaceWith(b);
  if (full) b.classList.add('full');
  for (const d of a.querySelectorAll('details[id][open]')) b.querySelector('#' + d.id)?.setAttribute('open', '');
  [b, ...b.querySelectorAll('.lesb, .scrollx, .diag')].forEach((e, i) => {
    if (scrolls[i] && !e.matches('.lesb')) [e.scrollTop, e.scrollLeft] = scrolls[i];
  });
  return true;
}

// nameOf finds a selector that names the same control in a part that is about to be replaced.
function nameOf(el) {
  if (!el || el === document.body) return '';
  if (el.id) return '#' + CSS.escape(el.id);
  for (const a of ['data-key', 'name', 'href', 'aria-label']) {
    const v = el.getAttribute(a);
    if (v) return `${el.localName}[${a}="${CSS.escape(v)}"]` + (el.localName === 'button' && el.value ? `[value="${CSS.escape(el.value)}"]` : '');
  }
  return '';
}

// formURL is the address that a GET form leads to.
export function formURL(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const url = new URL(form.getAttribute('action') || location.href, location.href);
  url.search = new URLSearchParams(data);
  return url.href;
}

// say tells a screen reader what happened.
export function say(text) {
  const box = document.getElementById('say');
  if (box) box.textContent = text;
}

export function parts() {
  document.addEventListener('click', (e) => {
    const a = e.target.closest?.('a[href]');
    if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (!ids().length || !a.closest('main') || a.matches('[data-no-swap], [download], [data-copy]')) return;
    const url = new URL(a.href.baseVal ?? a.href, location.href);
    if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
    e.preventDefault();
    visit(url.href);
  });
  document.addEventListener('submit', (e) => {
    const form = e.target;
    if (e.defaultPrevented || form.method !== 'get' || !form.matches('[data-ask], [data-live]') || !ids().length) return;
    const url = formURL(form, e.submitter);
    if (new URL(url).pathname !== location.pathname) return;
    e.preventDefault();
    visit(url);
  });
  addEventListener('popstate', () => ids().length && visit(location.href, { history: 'none' }));
}
