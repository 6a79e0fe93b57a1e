/** How a chart's values are written, and the least its axis shows; see `TimeSeriesChart`. */
export interface ChartLook {
  format: (value: number) => string;
  formatTick: (value: number) => string;
  valueUnit: string;
  leastTop: number;
  wholeNumbers: boolean;
  readoutChars: number;
}
