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
    drag(form, row);
  });
}

function drag(form, row) {
  const all = [...form.querySelectorAll('[data-row]')];
  row.classList.add('moving');
  const from = all.indexOf(row), others = all.filter((r) => r !== row);
  let to = from;
  const move = (e) => {
    const middle = (r) => { const b = r.getBoundingClientRect(); return b.top + b.height / 2; };
    let k = others.findIndex((r) => e.clientY < middle(r) && r.querySelector('[data-up]'));
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
