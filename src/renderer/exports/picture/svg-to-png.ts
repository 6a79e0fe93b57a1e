/** Paints an SVG onto a canvas of its own size. @throws Error when the browser cannot draw or hold it */
export async function svgToPng(svg: string, widthPx: number, heightPx: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(widthPx, heightPx);
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = widthPx;
    canvas.height = heightPx;
    canvas.getContext('2d')?.drawImage(image, 0, 0, widthPx, heightPx);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (png) => (png === null ? reject(new Error('The picture is empty.')) : resolve(png)),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
