import { visit } from './swap.js';

// Rows of the calculator. Shapes and counts follow while a setting is typed: the request holds the settings that differ from
// the page's stack, and the row in hand keeps its fields, so that focus and caret stay. The first answer makes an entry in
// the history, the next ones replace it; Enter or leaving the field makes the new stack the page's own.
// Alt with arrows moves a row, Delete removes it, the handle drags it: all of these press the row's own buttons, which work
// without any script; a drag sends do=move{from}-{to}.

export function start(root) {
  for (const form of [...(root.matches?.('form[data-rows]') ? [root] : []), ...root.querySelectorAll('form[data-rows]')]) rows(form);
}

const fields = (el) => [...el.querySelectorAll('.sets input, .sets select')];
const usual = (el) => (el.options ? ([...el.options].find((o) => o.defaultSelected) || el.options[0]).value : el.defaultValue);
const dirty = (el) => el.value !== usual(el);

// address is the page's stack with what was changed and what a button asks for. A long stack is sent once, not with the
// settings of each row.
function address(form, button) {
  const q = new URLSearchParams();
  for (const el of form.querySelectorAll('input[type=hidden]')) q.append(el.name, el.value);
  for (const el of fields(form)) if (dirty(el)) q.append(el.name, el.value);
  if (button?.name) q.append(button.name, button.value);
  const url = new URL(form.getAttribute('action'), location.href);
  url.search = q;
  return url.href;
}

function rows(form) {
  let timer, asked = '', shown = address(form), entry = 'push', latest, leaving = false;

  async function show() {
    clearTimeout(timer);
    const url = address(form), before = location.href;
    if (url === (asked || shown)) return;
    asked = url;
    const doc = await visit(url, { history: entry, keep: form });
    if (asked !== url) return;
    asked = '';
    if (!doc || !form.isConnected) return;
    shown = url;
    if (location.href !== before) entry = 'replace';
    latest = doc.getElementById(form.id);
    if (leaving) adopt();
    else redraw(form, latest, false);
  }

  // adopt makes the stack that is shown the one that the next change starts from.
  function adopt() {
    leaving = false;
    if (!latest) return;
    for (const el of form.querySelectorAll('input[type=hidden]')) el.remove();
    form.prepend(...latest.querySelectorAll('input[type=hidden]'));
    redraw(form, latest, true);
    latest = undefined;
    entry = 'push';
    shown = address(form);
  }

  function leave() {
    leaving = true;
    show();
    if (!asked) adopt();
  }

  form.addEventListener('input', () => {
    leaving = false;
    clearTimeout(timer);
    timer = setTimeout(show, 60);
  });
  form.addEventListener('change', leave);
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    if (!e.submitter?.name) return leave();
    clearTimeout(timer);
    press(form, e.submitter);
  });
  form.addEventListener('keydown', (e) => {
    const row = e.target.closest('[data-row]');
    if (!row) return;
    const name = e.altKey && { ArrowUp: 'up', ArrowDown: 'down' }[e.key] || e.key === 'Delete' && !e.target.matches('input') && 'del';
    const button = name && row.querySelector(`[data-act=${name}]`);
    if (!button) return;
    e.preventDefault();
    e.stopPropagation();
    form.requestSubmit(button);
  });
  form.addEventListener('pointerdown', (e) => {
    const row = e.target.closest('.grab')?.closest('[data-row]');
    if (!row || !row.querySelector('[data-act]')) return;
    e.preventDefault();
    drag(form, row);
  });
  // After Back a form whose markup is the same still has what was typed.
  document.addEventListener('visited', ({ detail: { keep } }) => {
    if (keep !== form && form.isConnected) form.reset();
  });
}

// press carries out a button. The row that it moved, copied or replaced is the selected one then, and keeps the focus.
async function press(form, button) {
  const inRow = button.closest('[data-row]');
  if (!await visit(address(form, button))) return;
  if (inRow) document.querySelector('form[data-rows] .ly.on .op')?.focus({ preventScroll: true });
}

// redraw takes over the rows of an answer, except for the fields of a row in hand: that with the focus, and, until the stack
// is adopted, those with settings that the page's stack does not have.
function redraw(form, next, adopted) {
  const old = form.querySelectorAll('[data-row]');
  for (const b of next.querySelectorAll('[data-row]')) { // rows that were taken over before are no longer there
    const a = old[b.dataset.row], changed = fields(a).some(dirty);
    if (a.contains(document.activeElement) || changed && !adopted) patch(a, b.cloneNode(true), adopted);
    else if (changed || a.dataset.version !== b.dataset.version) a.replaceWith(b);
  }
}

function patch(row, next, adopted) {
  const sets = row.querySelector('.sets'), cells = [...next.children], at = cells.findIndex((c) => c.matches('.sets')), inHand = sets.contains(document.activeElement);
  row.className = next.className;
  row.dataset.version = next.dataset.version;
  const focus = !inHand && document.activeElement.closest('details') ? 'summary' : '.op';
  for (const c of [...row.children]) if (c !== sets) c.remove();
  sets.before(...cells.slice(0, at));
  sets.after(...cells.slice(at + 1));
  const seen = new Set();
  let last;
  for (const f of fields(next)) {
    seen.add(f.name);
    const label = f.closest('label'), o = fields(row).find((x) => x.name === f.name);
    if (o) mark(o, f, adopted);
    else if (adopted) last ? last.after(label) : sets.prepend(label);
    last = o?.closest('label') || (adopted ? label : last);
  }
  for (const o of adopted ? fields(row) : []) if (!seen.has(o.name) && o !== document.activeElement) o.closest('label').remove();
  if (!inHand) row.querySelector(focus)?.focus({ preventScroll: true });
}

// mark gives a field the look of its successor, and once adopted the value that the stack has now.
function mark(field, next, adopted) {
  field.closest('label').className = next.closest('label').className;
  next.hasAttribute('aria-invalid') ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid');
  if (!adopted) return;
  if (field.options) [...field.options].forEach((o, i) => { o.defaultSelected = next.options[i].defaultSelected; });
  else field.defaultValue = next.defaultValue;
  if (field.value !== next.value) field.value = next.value;
}

function drag(form, row) {
  const all = [...form.querySelectorAll('[data-row]')];
  row.classList.add('moving');
  const from = all.indexOf(row), others = all.filter((r) => r !== row);
  let to = from;
  const move = (e) => {
    const middle = (r) => { const b = r.getBoundingClientRect(); return b.top + b.height / 2; };
    let k = others.findIndex((r) => e.clientY < middle(r) && r.querySelector('[data-act]'));
    if (k < 0) k = others.length;
    if (k === to) return;
    to = k;
    others[k] ? others[k].before(row) : others[k - 1].after(row);
  };
  const end = (e) => {
    for (const [name, f] of events) document.removeEventListener(name, f);
    row.classList.remove('moving');
    if (e.type === 'pointercancel' || to === from) {
      all[from + 1] ? all[from + 1].before(row) : form.querySelector('ol').append(row);
      return;
    }
    const button = document.createElement('button');
    button.name = 'do';
    button.value = `move${all[from].dataset.row}-${all[to].dataset.row}`;
    button.hidden = true;
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  };
  // Moving the row in the document would release a pointer capture, so the document listens.
  const events = [['pointermove', move], ['pointerup', end], ['pointercancel', end]];
  for (const [name, f] of events) document.addEventListener(name, f);
}
