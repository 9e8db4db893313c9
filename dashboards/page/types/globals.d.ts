// What we use of uPlot (vendor/manifest.json), for the type check; browsers never ask for this file.
interface uPlotSelect { left: number; top: number; width: number; height: number }
interface uPlotOptions {
  width: number; height: number; legend?: object; cursor?: object; scales: object; series: object[];
  axes: { values?: (plot: uPlot, splits: number[]) => string[]; [other: string]: unknown }[];
  hooks: { drawAxes?: ((plot: uPlot) => void)[]; setSelect?: ((plot: uPlot) => void)[] };
}
declare class uPlot {
  constructor(options: uPlotOptions, data: (number | null)[][], target: HTMLElement);
  ctx: CanvasRenderingContext2D;
  bbox: { left: number; top: number; width: number; height: number };
  select: uPlotSelect;
  setData(data: (number | null)[][], isScaled?: boolean): void;
  setSize(size: { width: number; height: number }): void;
  setSelect(select: uPlotSelect, isTold?: boolean): void;
  valToPos(value: number, scale: string, isCanvas?: boolean): number;
  posToVal(position: number, scale: string): number;
  destroy(): void;
}
