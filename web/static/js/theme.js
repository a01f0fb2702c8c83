// The theme changes at once; the server is told so that the next page comes in it.
export function theme() {
  document.addEventListener('submit', (e) => {
    const form = e.target.closest('[data-theme-form]');
    if (!form) return;
    e.preventDefault();
    const value = e.submitter?.value || 'dark';
    document.documentElement.dataset.theme = value;
    const other = form.querySelector(value === 'dark' ? '[value=light]' : '[value=dark]');
    if (form.contains(document.activeElement)) other?.focus();
    const body = new URLSearchParams(new FormData(form));
    body.set('theme', value);
    fetch(form.action, { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {});
  });
}
