import { formURL, visit } from './swap.js';

// Live controls: while a slider moves, the parts it drives are redrawn, the latest state last; letting go makes an entry in
// the history. The slider and its number are one control. Arrow keys let go at every step: a walk of them over one control
// makes one entry.

let waiting, last = {}, walk = {};

const place = (form) => form.action + form.className;

document.addEventListener('visited', ({ detail: { doc, keep } }) => {
  for (const form of document.querySelectorAll('form[data-live]')) { // forms in swapped parts have left doc and need nothing
    const next = form !== keep && [...doc.querySelectorAll('form[data-live]')].find((f) => place(f) === place(form));
    const ahead = last.form === form && last.url !== formURL(form); // a newer request is about to leave
    if (next && !ahead) settle(form, next);
  }
});

export function start(root) {
  for (const box of root.querySelectorAll('[data-range]')) pair(box);
  for (const form of [...(root.matches?.('form[data-live]') ? [root] : []), ...root.querySelectorAll('form[data-live]')]) live(form);
}

// settle gives the controls the state that a page came with: after Back, or where the server kept a value in bounds.
function settle(form, next) {
  clearTimeout(waiting);
  for (const el of [...form.querySelectorAll('input[type=hidden]')]) el.remove();
  form.prepend(...next.querySelectorAll('input[type=hidden]'));
  const same = (el) => el.type !== 'hidden' && el.localName !== 'button';
  const there = [...next.elements].filter(same);
  [...form.elements].filter(same).forEach((el, i) => {
    if (there[i]?.name !== el.name) return;
    el.checked = there[i].checked;
    if (el.value !== there[i].value) el.value = there[i].value;
    if (el.type === 'range') fill(el);
  });
  last = {};
}

const fill = (slider) => slider.closest('[data-range]').querySelector('.track rect').setAttribute('width', 100 * (slider.value - slider.min) / (slider.max - slider.min || 1));

function pair(box) {
  const number = box.querySelector('[type=number]'), slider = box.querySelector('[type=range]'), draw = () => fill(slider);
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

const steps = /^(Arrow|Page)(Up|Down|Left|Right)$|^Home$|^End$/;

function live(form) {
  let stepping = false;
  form.addEventListener('keydown', (e) => { stepping = steps.test(e.key); }, true);
  form.addEventListener('pointerdown', () => { stepping = false; }, true);
  form.addEventListener('input', (e) => {
    if (e.target.type === 'range' || e.target.matches('textarea')) return;
    clearTimeout(waiting);
    // A form inside a part that it would redraw waits for the release.
    waiting = setTimeout(() => show(form, e.target.type === 'search' ? 'replace' : 'none', form), 60);
  });
  form.addEventListener('change', (e) => {
    if (e.target.type === 'range') return;
    clearTimeout(waiting);
    const of = stepping ? place(form) + e.target.name : '', again = of && of === walk.of;
    if (!again) walk = { of };
    const mine = walk, step = async () => { if (await show(form, mine.entered ? 'replace' : 'push')) mine.entered = true; };
    if (again) waiting = setTimeout(step, 60);
    else step();
  });
}

function show(form, history, keep) {
  if (!form.checkValidity()) return;
  const url = formURL(form);
  if (keep && last.form === form && last.url === url) return;
  last = { form, url };
  return visit(url, { history, keep });
}
