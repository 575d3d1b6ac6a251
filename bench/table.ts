import { median } from './statistics.ts';

/** Print rows under a header, each column as wide as its widest cell: the first to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [header, widths.map((width) => '-'.repeat(width)), ...rows]) {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(cells.join('  ').trimEnd());
  }
}

/** A number with as many digits after the point as are asked for, its thousands parted. */
export function digits(value: number, fraction = 0): string {
  return value.toLocaleString('en', { minimumFractionDigits: fraction, maximumFractionDigits: fraction });
}

/** The median of some numbers, and the least and the greatest of them. */
export function spread(ratios: readonly number[]): string {
  return `${digits(median(ratios), 2)} [${digits(Math.min(...ratios), 2)} to ${digits(Math.max(...ratios), 2)}]`;
}
