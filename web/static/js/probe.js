import { visit } from './swap.js';

// The probe: moving over a channel shows the value under the pointer and what that cell sees of the picture; a click or Enter
// pins the cell, Escape lets go. The exact values of the channel are fetched once, so that moving needs no round trip.

const ring = 1.75; // as in inspect.go
const planes = new Map();

// plane fetches a channel's values, little-endian float32, once.
function plane(url) {
  if (!planes.has(url)) {
    if (planes.size > 64) planes.clear();
    planes.set(url, fetch(url).then((r) => (r.ok ? r.arrayBuffer() : Promise.reject(r.status))).then((b) => {
      const view = new DataView(b);
      return Float32Array.from({ length: b.byteLength >> 2 }, (_, i) => view.getFloat32(4 * i, true));
    }).catch(() => { planes.delete(url); return null; }));
  }
  return planes.get(url);
}

// print writes a value as the server does: four significant digits, two to six decimals, a true minus.
export function print(v) {
  if (!Number.isFinite(v)) return String(v).replace('-', '−').replace('Infinity', '∞');
  const d = v === 0 ? 2 : Math.min(Math.max(3 - Math.floor(Math.log10(Math.abs(v))), 2), 6);
  const [whole, rest] = Math.abs(v).toFixed(d).split('.');
  const s = whole.replace(/\B(?=(\d{3})+$)/g, ',') + '.' + rest;
  return v < 0 && /[1-9]/.test(s) ? '−' + s : s;
}

export function start(root) {
  for (const box of all(root, '[data-probe]')) if (box.querySelector('[data-map]')) follow(box);
  for (const grid of all(root, '[data-grid]')) roving(grid);
}

const all = (root, s) => [...(root.matches?.(s) ? [root] : []), ...root.querySelectorAll(s)];

function follow(box) {
  const map = box.querySelector('[data-map]');
  const rows = +box.dataset.rows, cols = +box.dataset.cols, h = 200 * rows / cols;
  const cross = box.querySelector('[data-cross]'), tip = box.querySelector('[data-tip]');
  const place = box.querySelector('[data-place]'), field = box.querySelector('[data-field]');
  const fy = (box.dataset.fieldY || '').split(' ').map(Number), fx = (box.dataset.fieldX || '').split(' ').map(Number);
  const pinned = box.dataset.y !== undefined ? { y: +box.dataset.y, x: +box.dataset.x } : null;
  const before = place?.textContent || '', words = before.match(/\d+/g)?.length === 2 ? before : box.querySelector('[data-place]')?.dataset.format.replace(/%d/g, '0') || '0, 0';
  let at = pinned, values, rest;

  const put = (group, x, y, w, hh) => {
    const [outer, inner] = group.querySelectorAll('rect');
    for (const [r, o] of [[outer, ring], [inner, 0]]) {
      r.setAttribute('x', x - o);
      r.setAttribute('y', y - o);
      r.setAttribute('width', w + 2 * o);
      r.setAttribute('height', hh + 2 * o);
    }
    group.setAttribute('visibility', 'visible');
  };

  function show(c) {
    at = c;
    if (!c) return;
    const u = 200 / cols;
    put(cross, c.x * u, c.y * u, u, u);
    if (place) {
      const n = [c.y, c.x];
      place.textContent = words.replace(/\d+/g, () => n.shift());
    }
    if (field && fy.length === 4 && fx.length === 4) {
      const y = (fy[0] + c.y * fy[1]) / fy[3], x = (fx[0] + c.x * fx[1]) / fx[3], hh = fy[2] / fy[3], w = fx[2] / fx[3];
      const cut = (v) => 200 * Math.min(Math.max(v, 0), 1);
      put(field, 200 * x, 200 * y, 200 * w, 200 * hh);
      field.querySelector('[data-dark]').setAttribute('d', `M0 0H200V200H0zM${cut(x)} ${cut(y)}V${cut(y + hh)}H${cut(x + w)}V${cut(y)}z`);
    }
    if (values) number(c);
    else if (box.dataset.values) plane(box.dataset.values).then((p) => { values = p; if (p && at === c) number(c); });
  }

  function number(c) {
    const text = tip.querySelector('text'), u = 200 / cols;
    text.textContent = print(values[c.y * cols + c.x]);
    const w = 7.3 * text.textContent.length + 12, half = w / 2 + 3;
    const r = tip.querySelector('rect');
    r.setAttribute('x', -w / 2);
    r.setAttribute('width', w);
    let y = c.y * u - 16;
    if (y < 14) y = (c.y + 1) * u + 16;
    tip.setAttribute('transform', `translate(${Math.min(Math.max((c.x + 0.5) * u, half), 200 - half)} ${Math.min(y, Math.max(h, 30) - 12)})`);
    tip.setAttribute('visibility', 'visible');
  }

  // sums loads the arithmetic of the cell under the pointer once it rests there.
  function sums(c) {
    clearTimeout(rest);
    if (!box.dataset.cellUrl || !document.getElementById('pixel')) return;
    rest = setTimeout(() => at === c && visit(address(c), { history: 'none', only: ['pixel'] }), 160);
  }

  const address = (c) => box.dataset.cellUrl.replace('{y}', c.y).replace('{x}', c.x);
  const same = (a, b) => a && b && a.y === b.y && a.x === b.x;

  function back() {
    clearTimeout(rest);
    box.classList.remove('live');
    if (pinned) {
      if (!same(at, pinned)) sums(pinned);
      show(pinned);
    } else {
      at = null;
      for (const g of [cross, tip, field]) g?.setAttribute('visibility', 'hidden');
      if (place) place.textContent = before;
    }
  }

  function pin(c) {
    clearTimeout(rest); // or the sum of the cell would take the place of the request that pins it
    if (c && box.dataset.cellUrl) visit(address(c));
  }

  // letGo ends the pinning of a cell; false where none is pinned.
  function letGo() {
    const url = new URL(location.href);
    if (!box.dataset.cellUrl || !url.searchParams.has('y')) return false;
    url.searchParams.delete('y');
    url.searchParams.delete('x');
    clearTimeout(rest);
    visit(url.href);
    return true;
  }

  function move(e) {
    const x = Math.floor(e.offsetX / map.clientWidth * cols), y = Math.floor(e.offsetY / map.clientHeight * rows);
    const c = { y: Math.min(Math.max(y, 0), rows - 1), x: Math.min(Math.max(x, 0), cols - 1) };
    if (same(c, at)) return;
    box.classList.add('live');
    show(c);
    sums(c);
  }

  map.addEventListener('pointermove', move);
  // A finger comes down without moving first, and has left the map before it clicks.
  let tapped = null;
  map.addEventListener('pointerdown', (e) => { move(e); tapped = at; });
  map.addEventListener('pointerleave', back);
  map.form?.addEventListener('submit', (e) => {
    if (!box.dataset.cellUrl) return;
    e.preventDefault();
    pin(tapped || at);
    tapped = null;
  });
  map.addEventListener('keydown', (e) => {
    const step = e.shiftKey ? 5 : 1;
    const way = { ArrowLeft: [0, -step], ArrowRight: [0, step], ArrowUp: [-step, 0], ArrowDown: [step, 0] }[e.key];
    if (e.key === 'Escape') {
      if (at && !same(at, pinned)) back();
      else if (!letGo()) return;
    } else if (e.key === 'Enter' || e.key === ' ') pin(at || { y: 0, x: 0 });
    else if (way) {
      const c = at || { y: 0, x: 0 };
      const n = { y: Math.min(Math.max(c.y + way[0], 0), rows - 1), x: Math.min(Math.max(c.x + way[1], 0), cols - 1) };
      show(n);
      sums(n);
    } else return;
    e.preventDefault();
    e.stopPropagation();
  });
}

// roving makes a grid of tiles one stop of the Tab key; arrows move inside it.
function roving(grid) {
  const tiles = [...grid.querySelectorAll('a')];
  const first = tiles.find((t) => t.hasAttribute('aria-current')) || tiles[0];
  for (const t of tiles) t.tabIndex = t === first ? 0 : -1;
  grid.addEventListener('keydown', (e) => {
    const i = tiles.indexOf(document.activeElement);
    if (i < 0) return;
    const wide = tiles.findIndex((t) => t.offsetTop !== tiles[0].offsetTop);
    const row = wide < 0 ? tiles.length : wide;
    const to = { ArrowLeft: i - 1, ArrowRight: i + 1, ArrowUp: i - row, ArrowDown: i + row, Home: 0, End: tiles.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (!tiles[to]) return;
    tiles[i].tabIndex = -1;
    tiles[to].tabIndex = 0;
    tiles[to].focus();
  });
}
