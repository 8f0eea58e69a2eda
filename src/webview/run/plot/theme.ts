/** The colors that plots are drawn with: a canvas knows no variables, so they are read, and read again with each theme. */
export interface PlotTheme {
  readonly background: string;
  readonly text: string;
  readonly strong: string;
  readonly dim: string;
  readonly grid: string;
  readonly series1: string;
  readonly series2: string;
  readonly look: string;
  readonly bad: string;
  /** Share of full strength that the raw line has. */
  readonly raw: number;
  readonly thick: number;
  /** Share of full strength of a band over the whole height. */
  readonly band: number;
  /** Family of the page's text. */
  readonly font: string;
}

export function readTheme(): PlotTheme {
  if (matchMedia('(forced-colors: active)').matches) return forcedTheme();
  const style = getComputedStyle(document.body);
  const color = (name: string): string => style.getPropertyValue(name).trim() || 'gray';
  const contrast = document.body.classList.contains('vscode-high-contrast');
  return {
    background: color('--bg'),
    text: color('--fg'),
    strong: color('--strong'),
    dim: color('--dim'),
    grid: color('--grid'),
    series1: color('--series-1'),
    series2: color('--series-2'),
    look: color('--look-line'),
    bad: color('--bad'),
    raw: contrast ? 0.6 : 0.42,
    thick: contrast ? 2.5 : 2,
    band: contrast ? 0.4 : 0.2,
    font: style.fontFamily,
  };
}

/** The system's own colors: the lines are told apart by their dashes. */
const forcedTheme = (): PlotTheme => ({
  background: 'Canvas',
  text: 'CanvasText',
  strong: 'CanvasText',
  dim: 'CanvasText',
  grid: 'GrayText',
  series1: 'CanvasText',
  series2: 'CanvasText',
  look: 'Highlight',
  bad: 'CanvasText',
  raw: 0.5,
  thick: 2.5,
  band: 0.4,
  font: getComputedStyle(document.body).fontFamily,
});

/** Tells of another theme: VS Code sets the class of the body and the variables of the root. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  const forced = matchMedia('(forced-colors: active)');
  forced.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    forced.removeEventListener('change', listener);
  };
}
