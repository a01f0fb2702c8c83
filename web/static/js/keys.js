// The keyboard map of the design. Keys press what is on the page: an element with data-key, a menu, a link. Single letters
// can be switched off (WCAG 2.1.4) in the list that ? opens.

const store = 'letter-keys';
const lettersOff = () => { try { return localStorage.getItem(store) === 'off'; } catch { return false; } };

export function keys() {
  document.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (e.target.closest?.('input:not([type=image]), textarea, select, dialog, [contenteditable], summary')) return;
    if (e.key.length === 1 && e.key !== '?' && lettersOff()) return;
    if ((e.key === 'Enter' || e.key === ' ') && e.target.closest?.('a, button')) return;
    if (press(e.key)) e.preventDefault();
  });
  document.addEventListener('click', (e) => {
    const a = e.target.closest?.('[data-keys-help]');
    if (a && !e.metaKey && !e.ctrlKey) {
      e.preventDefault();
      help();
    }
  });
}

const click = (el) => el && (el.click ? el.click() : el.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })), true);
const find = (s) => document.querySelector(s);

// step chooses the next entry of a menu.
function step(menu) {
  const items = [...(menu?.querySelectorAll('li a') || [])];
  return items.length > 1 && click(items[(items.findIndex((a) => a.hasAttribute('aria-current')) + 1) % items.length]) || items.length > 1;
}

function press(key) {
  const show = find('[data-present]');
  if (show) {
    if (key === 'z' || key === 'Z') return show.classList.toggle('zoomed'), true;
    if (key === 'b' || key === 'B') return show.classList.toggle('blank'), true;
  }
  const own = find(`[data-key="${CSS.escape(key)}"], [data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (own) return click(own), true;
  const menus = document.querySelectorAll('.ctl > .sel');
  switch (key.toLowerCase()) {
    case '?': return help(), true;
    case 'd': return click(find(document.documentElement.dataset.theme === 'dark' || !document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches ? '.to-light' : '.to-dark')), true;
    case 'l': return click(find('.lang a:not([aria-current])')), true;
    case 's': return step(menus[0]);
    case 'n': return step(menus[1]);
    case 'c': return step(find('.cmsel'));
    case '/': return search();
    case 'escape': find('.insp.full')?.classList.remove('full'); return false;
  }
  if (/^[1-9]$/.test(key)) {
    const stage = [...document.querySelectorAll('.ov > a')].filter((a) => a.querySelector('text'))[key];
    if (stage) return stage.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })), true;
  }
  return false;
}

async function page(url) {
  const r = await fetch(url);
  return new DOMParser().parseFromString(await r.text(), 'text/html');
}

function dialog(...content) {
  const d = document.createElement('dialog');
  d.append(...content);
  d.addEventListener('click', (e) => e.target === d && d.close());
  d.addEventListener('close', () => d.remove());
  document.body.append(d);
  d.showModal();
  return d;
}

async function help() {
  if (find('dialog')) return;
  const list = (await page(document.body.dataset.keys)).getElementById('keyboard');
  if (!list) return;
  const label = document.createElement('label'), box = document.createElement('input'), close = document.createElement('button');
  box.type = 'checkbox';
  box.checked = !lettersOff();
  box.addEventListener('change', () => { try { localStorage.setItem(store, box.checked ? 'on' : 'off'); } catch { /* private mode: for this page only */ } });
  label.append(box, ' ' + document.body.dataset.letters);
  close.className = 'btn s';
  close.textContent = document.body.dataset.close;
  const row = document.createElement('p');
  row.className = 'row apart';
  row.append(label, close);
  list.classList.remove('sec');
  const d = dialog(list, row);
  d.setAttribute('aria-labelledby', 'keys-h');
  d.scrollTop = 0; // the focus is on the switch below the list
  close.addEventListener('click', () => d.close());
}

// search finds a layer by a part of its path, from the network's table.
function search() {
  const table = [...document.querySelectorAll('.links a')].find((a) => a.pathname.endsWith('/layers'));
  if (!table || find('dialog')) return false;
  const input = document.createElement('input'), list = document.createElement('ul');
  input.className = 'inp';
  input.type = 'search';
  input.setAttribute('aria-label', table.textContent);
  list.className = 'found';
  const d = dialog(input, list);
  input.focus();
  page(table.href).then((doc) => {
    const rows = [...doc.querySelectorAll('tbody th a')].map((a) => [a.textContent.trim(), a.getAttribute('href')]);
    const fill = () => {
      const q = input.value.trim().toLowerCase();
      list.replaceChildren(...rows.filter(([name]) => name.toLowerCase().includes(q)).slice(0, 12).map(([name, href]) => {
        const li = document.createElement('li'), a = document.createElement('a');
        a.className = 'mono';
        a.href = href;
        a.textContent = name;
        li.append(a);
        return li;
      }));
    };
    input.addEventListener('input', fill);
    fill();
  });
  input.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') list.querySelector('a')?.click();
    if (e.key === 'Escape') d.close();
  });
  d.classList.add('finder');
  return true;
}
