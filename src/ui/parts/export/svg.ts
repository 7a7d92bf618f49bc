/** What a drawing needs to look the same outside the page, where its style sheets and variables are not. */
const kept = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'visibility',
];

const namespace = 'http://www.w3.org/2000/svg';
const lineHeight = 16;
const margin = 12;
const topHeight = 28;

/** A chart as a file: the drawing with its title above it and where it is from below. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

/**
 * Copies a chart that is on the page.
 *
 * @param chart the page's own svg element; it is not changed
 * @param note where the numbers are from; broken into lines
 */
export function copyChart(chart: SVGSVGElement, title: string, note: string): Drawing {
  const { width, height: inner } = chart.getBoundingClientRect();
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const [from, to] = [
    [chart, ...chart.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    const target = to[index];
    for (const name of ['class', 'style', 'tabindex', 'role', 'id']) target.removeAttribute(name);
    for (const name of kept) {
      const value = style.getPropertyValue(name);
      if (value) target.setAttribute(name, value);
    }
  });
  copy.setAttribute('x', '0');
  copy.setAttribute('y', String(topHeight));
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(inner));

  const page = getComputedStyle(document.body);
  const lines = broken(note, Math.floor((width - 2 * margin) / 5.6));
  const height = topHeight + inner + lines.length * lineHeight + margin;
  const root = document.createElementNS(namespace, 'svg');
  const set = (element: Element, attributes: Record<string, string | number>) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
    return element;
  };
  set(root, { xmlns: namespace, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': page.fontFamily });
  const add = (name: string, attributes: Record<string, string | number>, text?: string) => {
    const element = set(document.createElementNS(namespace, name), attributes);
    // As text, never as markup: titles hold what anybody wrote.
    if (text !== undefined) element.textContent = text;
    root.append(element);
  };
  add('title', {}, title);
  add('desc', {}, note);
  const surface = getComputedStyle(document.documentElement).getPropertyValue('--mantine-color-body').trim();
  add('rect', { width: '100%', height: '100%', fill: surface || '#fff' });
  add('text', { x: margin, y: 19, fill: page.color, 'font-size': 14, 'font-weight': 600 }, title);
  root.append(copy);
  lines.forEach((line, index) => {
    const y = topHeight + inner + (index + 1) * lineHeight - 3;
    add('text', { x: margin, y, fill: page.color, 'font-size': 11, opacity: 0.8 }, line);
  });
  return { svg: new XMLSerializer().serializeToString(root), width, height };
}

/** Breaks a text into lines of at most so many letters, at spaces where there are any. */
export function broken(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The drawing in pixels, twice as fine as on the page: sharp on a projector and in print. */
export async function toPng({ svg, width, height }: Drawing): Promise<Blob> {
  const scale = 2;
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no picture.'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
