import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentText, escapeHtml, html } from '../../../src/http/pages/html.ts';

const text = (fragment: Parameters<typeof documentText>[0]) =>
  documentText(fragment).replace('<!doctype html>\n', '').trimEnd();

describe('a template', () => {
  it('escapes text exactly once, in nested fragments too', () => {
    const inner = html`<b>${'<&>'}</b>`;
    expect(text(html`<p title="${'"\''}">${inner}</p>`)).toBe(
      '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b></p>',
    );
    expect(text(html`${'&amp;'}`)).toBe('&amp;amp;');
  });

  it('shows numbers and lists, and nothing for what is absent', () => {
    expect(text(html`${1}${[html`<br>`, '<']}${undefined}${false}`)).toBe('1<br>&lt;');
  });

  it('takes no look-alike of a fragment for one', () => {
    const forged = JSON.parse('{"markup":"<script>"}');
    expect(() => text(html`${forged}`)).toThrow(TypeError);
  });

  it('lets no text out of its place, whatever it holds', () => {
    const reverse = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as Record<string, string>;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const escaped = escapeHtml(value);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(escaped.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name) => reverse[name] ?? '')).toBe(value);
      }),
    );
  });
});
