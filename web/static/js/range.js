import { formURL, visit } from './swap.js';

// Live controls: while a slider moves, the parts it drives are redrawn, the latest state last; letting go makes an entry in
// the history. The slider and its number are one control.

let waiting, last;

export function start(root) {
  for (const box of root.querySelectorAll('[data-range]')) pair(box);
  for (const form of [...(root.matches?.('form[data-live]') ? [root] : []), ...root.querySelectorAll('form[data-live]')]) live(form);
}

function pair(box) {
  const number = box.querySelector('[type=number]'), slider = box.querySelector('[type=range]'), fill = box.querySelector('.track rect');
  const draw = () => fill.setAttribute('width', 100 * (slider.value - slider.min) / (slider.max - slider.min || 1));
  slider.addEventListener('input', () => {
    number.value = slider.value;
    draw();
    number.dispatchEvent(new Event('input', { bubbles: true }));
  });
  slider.addEventListener('change', () => number.dispatchEvent(new Event('change', { bubbles: true })));
  number.addEventListener('input', () => {
    slider.value = number.value;
    draw();
  });
  draw();
}

function live(form) {
  const typed = (el) => el.matches('[data-rows] input, textarea');
  form.addEventListener('input', (e) => {
    if (e.target.type === 'range' || typed(e.target)) return;
    clearTimeout(waiting);
    // A form inside a part that it would redraw waits for the release.
    waiting = setTimeout(() => show(form, e.target.type === 'number' || e.target.type === 'search' ? 'replace' : 'none', form), 60);
  });
  form.addEventListener('change', (e) => {
    if (e.target.type === 'range') return;
    clearTimeout(waiting);
    show(form, 'push');
  });
}

function show(form, history, keep) {
  if (!form.checkValidity()) return;
  const url = formURL(form);
  if (keep && url === last) return;
  last = url;
  visit(url, { history, keep });
}
