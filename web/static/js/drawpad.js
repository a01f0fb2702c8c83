import { formURL, visit } from './swap.js';

// The drawing pad as a canvas: a soft brush for mouse, pen and finger; arrows and space for the keyboard. Values are 0 … 255,
// row by row; the form sends them as two hexadecimal digits each.

export function start(root) {
  for (const box of root.querySelectorAll('[data-pad]')) if (!box.querySelector('canvas')) pad(box);
}

function pad(box) {
  const n = +box.dataset.pad, form = box.querySelector('[data-pad-form]'), hidden = box.querySelector('[data-ink]');
  const picture = form.querySelector('input[type=image]');
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = n;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', box.dataset.label);
  const paper = canvas.getContext('2d', { willReadFrequently: true });
  let ink = new Uint8ClampedArray(n * n), undo = [], pen = null, cursor = null, last = null;

  function draw() {
    const img = paper.createImageData(n, n);
    for (let i = 0; i < n * n; i++) {
      img.data[4 * i] = 255 - ink[i] * 238 / 255;
      img.data[4 * i + 1] = 255 - ink[i] * 233 / 255;
      img.data[4 * i + 2] = 255 - ink[i] * 229 / 255;
      img.data[4 * i + 3] = 255;
    }
    if (cursor) {
      const i = 4 * (cursor.y * n + cursor.x);
      img.data.set([216, 57, 15, 255], i);
    }
    paper.putImageData(img, 0, 0);
    box.classList.toggle('empty', !ink.some(Boolean));
    const hint = box.querySelector('.hint');
    if (hint) hint.hidden = ink.some(Boolean);
  }

  // dab adds a soft round spot with its centre at a place in values.
  function dab(x, y) {
    const r = n / 20;
    for (let py = Math.floor(y - r - 1); py <= y + r + 1; py++) {
      for (let px = Math.floor(x - r - 1); px <= x + r + 1; px++) {
        if (px < 0 || py < 0 || px >= n || py >= n) continue;
        const v = 255 * Math.min(1, Math.max(0, r + 0.5 - Math.hypot(px + 0.5 - x, py + 0.5 - y)));
        ink[py * n + px] = Math.max(ink[py * n + px], v);
      }
    }
  }

  function stroke(to) {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(to.x - pen.x, to.y - pen.y)));
    for (let i = 1; i <= steps; i++) dab(pen.x + (to.x - pen.x) * i / steps, pen.y + (to.y - pen.y) * i / steps);
    pen = to;
    draw();
  }

  const hex = () => Array.from(ink, (v) => v.toString(16).padStart(2, '0')).join('');

  function send() {
    hidden.value = hex(); // an empty pad too: without it the address means the sample
    visit(formURL(form));
  }

  const remember = () => { last = null; undo.push(ink.slice()); if (undo.length > 50) undo.shift(); };

  // spot paints by keyboard. Spots that touch are one stroke, which is taken back as a whole.
  function spot() {
    const { x, y } = cursor;
    if (!last || Math.hypot(last.x - x, last.y - y) > n / 10) remember();
    last = { x, y };
    dab(x + 0.5, y + 0.5);
  }

  // load takes a drawing over from its compact form, or else from its picture.
  async function load(text, src) {
    if (text.length === 2 * n * n) {
      ink = Uint8ClampedArray.from({ length: n * n }, (_, i) => parseInt(text.substr(2 * i, 2), 16));
    } else if (src) {
      const img = new Image();
      img.src = src;
      try { await img.decode(); } catch { return; }
      paper.clearRect(0, 0, n, n);
      paper.drawImage(img, 0, 0, n, n);
      const d = paper.getImageData(0, 0, n, n).data, light = d[0] > 127; // ink on white, or white on black
      ink = Uint8ClampedArray.from({ length: n * n }, (_, i) => (light ? 255 - d[4 * i] : d[4 * i]));
    }
    draw();
  }

  const at = (e) => ({ x: e.offsetX / canvas.clientWidth * n, y: e.offsetY / canvas.clientHeight * n });
  canvas.addEventListener('pointerdown', (e) => {
    if (e.button) return;
    canvas.setPointerCapture(e.pointerId);
    remember();
    cursor = null;
    pen = at(e);
    dab(pen.x, pen.y);
    draw();
  });
  canvas.addEventListener('pointermove', (e) => pen && stroke(at(e)));
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, () => {
      if (!pen) return;
      pen = null;
      send();
    });
  }
  canvas.addEventListener('blur', () => { cursor = last = null; draw(); });
  canvas.addEventListener('keydown', (e) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    cursor = cursor || { x: n >> 1, y: n >> 1 };
    if (move) {
      cursor = { x: Math.min(Math.max(cursor.x + move[0], 0), n - 1), y: Math.min(Math.max(cursor.y + move[1], 0), n - 1) };
      if (e.shiftKey) spot();
      draw();
    } else if (e.key === ' ') {
      spot();
      draw();
    } else if (e.key === 'Enter') {
      last = null;
      send();
    } else if (e.key === 'Delete' || e.key === 'Backspace') {
      remember();
      ink.fill(0);
      draw();
      send();
    } else if (e.key === 'z' && (e.ctrlKey || e.metaKey)) {
      back();
    } else return;
    e.preventDefault();
    e.stopPropagation();
  });
  canvas.addEventListener('keyup', (e) => (e.key === ' ' || e.key === 'Shift' && last) && send());

  function back() {
    if (!undo.length) return false;
    ink = undo.pop();
    last = null;
    draw();
    send();
    return true;
  }

  box.addEventListener('click', (e) => {
    if (e.target.closest('[data-undo]') && back()) e.preventDefault();
  });
  form.addEventListener('submit', (e) => e.preventDefault());

  // Another state of the page may bring another drawing: a sample, an empty pad, the one before.
  document.addEventListener('visited', (e) => {
    const next = e.detail.doc.querySelector('[data-pad]');
    if (!next || pen) return;
    const text = next.querySelector('[data-ink]').value, src = next.querySelector('input[type=image]').getAttribute('src');
    const frame = box.querySelector('[data-window]'), there = next.querySelector('[data-window]');
    if (frame && there) for (const a of there.attributes) frame.setAttribute(a.name, a.value);
    if (text === hidden.value && src === picture.getAttribute('src') || text === hex()) return;
    hidden.value = text;
    picture.setAttribute('src', src);
    if (next.matches('.empty')) ink = new Uint8ClampedArray(n * n);
    load(text, next.matches('.empty') ? '' : src);
  });

  picture.replaceWith(canvas); // kept aside: its address says what is drawn
  const seen = box.matches('.empty') ? '' : picture.getAttribute('src'); // before the blank canvas marks the box as empty
  draw();
  load(hidden.value, seen);
}
