const MARKUP = Symbol('markup');

/** A fragment of HTML in which everything that was interpolated is escaped. Only `html` makes one. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What may stand in a template: fragments as they are, text escaped, nothing for `undefined` and `false`. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** A fragment of HTML. Values stand as text or within a quoted attribute, nowhere else. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const rest = values.map((value, at) => markupOf(value) + (strings[at + 1] ?? ''));
  return { [MARKUP]: [strings[0] ?? '', ...rest].join('') };
}

/** The text of a whole document. */
export function documentText(body: Html): string {
  return `<!doctype html>\n${body[MARKUP]}\n`;
}

function markupOf(value: Content): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return MARKUP in value ? value[MARKUP] : value.map(markupOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, between tags and in quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
