// Masks and copies values on the pages; without it they are shown as they are.
for (const element of document.querySelectorAll('[data-with-script], [data-copies]')) element.hidden = false;
for (const element of document.querySelectorAll('[data-without-script]')) element.hidden = true;

for (const button of document.querySelectorAll('[data-shows]')) {
  const field = document.getElementById(button.dataset.shows);
  const mask = field.value;
  button.addEventListener('click', () => {
    const isMasked = field.value === mask;
    field.value = isMasked ? field.dataset.secret : mask;
    button.textContent = isMasked ? 'Hide key' : 'Show key';
  });
}

for (const button of document.querySelectorAll('[data-copies]')) {
  const field = document.getElementById(button.dataset.copies);
  const status = document.getElementById(`${field.id}-status`);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(field.dataset.secret ?? field.value);
      status.textContent = 'Copied to the clipboard.';
    } catch {
      // Without https a browser has no clipboard to offer.
      field.value = field.dataset.secret ?? field.value;
      field.select();
      status.textContent =
        'The browser does not let us copy. The text is selected: copy it with Ctrl+C or ⌘C.';
    }
  });
}
