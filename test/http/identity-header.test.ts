import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupsHeader, identityHeader } from '../../src/http/identity-header.ts';

const text = fc.string({ unit: 'grapheme' }).filter((value) => value.isWellFormed());

describe('an identity header', () => {
  it('is printable ASCII, whatever it carries', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(identityHeader(value)).toMatch(/^[ -~]*$/);
      }),
    );
  });

  it('gives back what it carries when it is decoded', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed()),
        ),
        (value) => {
          expect(decodeURIComponent(identityHeader(value))).toBe(value);
        },
      ),
    );
  });

  it('joins the names of groups by commas, and hides those inside a name', () => {
    expect(groupsHeader([])).toBe('');
    expect(groupsHeader(['staff', 'R, and D', 'Büro'])).toBe('staff,R%2C and D,B%C3%BCro');
  });

  it.each([
    ['', ''],
    ['Hamlet, Prince of Denmark', 'Hamlet, Prince of Denmark'],
    ['~ !"#$&\'()*+,-./:;<=>?@[\\]^_`{|}', '~ !"#$&\'()*+,-./:;<=>?@[\\]^_`{|}'],
    ['%', '%25'],
    ['\t', '%09'],
    ['\u0000\r\n\u007f', '%00%0D%0A%7F'],
    ['é', '%C3%A9'],
    ['€', '%E2%82%AC'],
  ])('carries %j as %j', (value, header) => {
    expect(identityHeader(value)).toBe(header);
  });
});
