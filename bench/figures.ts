/**
 * Figures of a measurement: percentiles that were really seen (nearest rank, nothing interpolated), and a table for the eye. Pure.
 */

export interface Spread {
  readonly count: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly p99: number;
  readonly most: number;
}

/** The smallest of the figures that at least `share` of them do not exceed; NaN where there are none. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const spreadOf = (figures: readonly number[]): Spread => ({
  count: figures.length,
  p10: percentile(figures, 0.1),
  median: percentile(figures, 0.5),
  p90: percentile(figures, 0.9),
  p99: percentile(figures, 0.99),
  most: percentile(figures, 1),
});

/** Columns as wide as their widest entry; the first to the left, all others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((entry, column) => (column === 0 ? entry.padEnd(widths[0] ?? 0) : entry.padStart(widths[column] ?? 0))).join('   ');
  return rows.map((row) => `  ${line(row)}\n`).join('');
}
