// Rows of the calculator: Alt with arrows moves a row, Delete removes it, the handle drags it. All of these press the row's
// own buttons, which work without any script; a drag sends do=move{from}-{to}.
export function start(root) {
  for (const form of [...(root.matches?.('form[data-rows]') ? [root] : []), ...root.querySelectorAll('form[data-rows]')]) rows(form);
}

function rows(form) {
  form.addEventListener('keydown', (e) => {
    const row = e.target.closest('[data-row]');
    if (!row) return;
    const name = e.altKey && { ArrowUp: 'up', ArrowDown: 'down' }[e.key] || e.key === 'Delete' && !e.target.matches('input') && 'del';
    const button = name && row.querySelector(`[data-${name}]`);
    if (!button) return;
    e.preventDefault();
    e.stopPropagation();
    form.requestSubmit(button);
  });
  form.addEventListener('pointerdown', (e) => {
    const row = e.target.closest('.grab')?.closest('[data-row]');
    if (!row || !row.querySelector('[data-up]')) return;
    e.preventDefault();
    drag(form, row, e);
  });
}

function drag(form, row, start) {
  const all = [...form.querySelectorAll('[data-row]')];
  const handle = start.target;
  handle.setPointerCapture(start.pointerId);
  row.classList.add('moving');
  const from = all.indexOf(row);
  let to = from;
  const move = (e) => {
    to = all.findIndex((r) => e.clientY < r.getBoundingClientRect().bottom);
    if (to < 0) to = all.length - 1;
    if (!all[to].querySelector('[data-up]')) to = from;
    all[to].before(row);
    if (to > from) all[to].after(row);
  };
  const end = (e) => {
    handle.removeEventListener('pointermove', move);
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
  handle.addEventListener('pointermove', move);
  handle.addEventListener('pointerup', end, { once: true });
  handle.addEventListener('pointercancel', end, { once: true });
}
