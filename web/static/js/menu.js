// Menus are details elements: this closes them on Escape, on a click elsewhere and when another opens, and moves with arrows.
// On a phone the inspector's handle opens the sheet in place.
export function menus() {
  const open = () => document.querySelectorAll('details[data-menu][open], details.menu[open]');
  document.addEventListener('click', (e) => {
    for (const d of open()) if (!d.contains(e.target)) d.open = false;
    const grip = e.target.closest?.('.grip');
    if (grip) {
      e.preventDefault();
      grip.closest('.insp').classList.toggle('full');
    }
  });
  document.addEventListener('keydown', (e) => {
    const d = e.target.closest?.('details[data-menu][open]') || (e.key === 'Escape' && open()[0]);
    if (!d) return;
    if (e.key === 'Escape') {
      d.open = false;
      d.querySelector('summary').focus();
    } else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      const items = [...d.querySelectorAll('li a, li button')];
      const at = items.indexOf(document.activeElement) + (e.key === 'ArrowDown' ? 1 : -1);
      items[(at + items.length) % items.length]?.focus();
    } else return;
    e.preventDefault();
    e.stopPropagation();
  }, true);
}
