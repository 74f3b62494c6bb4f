'use strict';
// Shows the numbers of a chart under the pointer, or under a cursor that the arrow keys move.
for (const plot of document.querySelectorAll('.plot')) {
  const lines = JSON.parse(plot.dataset.lines);
  const chart = plot.closest('.chart');
  const names = [...chart.querySelectorAll('.key')].map(key => key.nextSibling.textContent.trim());
  const output = chart.querySelector('output');
  const cursor = plot.querySelector('.cursor');
  const svg = plot.querySelector('svg');
  const places = [...new Set(lines.flatMap(line => line.map(point => point[0])))].sort((a, b) => a - b);
  let at = -1;
  const nearest = (line, x) =>
    line.reduce((best, point) => Math.abs(point[0] - x) < Math.abs(best[0] - x) ? point : best, line[0]);
  const show = index => {
    at = Math.max(0, Math.min(places.length - 1, index));
    const x = places[at];
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    const points = lines.map(line => nearest(line, x));
    output.textContent = points[0][1] + ': ' + points.map((point, i) => names[i] + ' ' + point[2]).join(', ');
  };
  plot.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
    let best = 0;
    places.forEach((place, i) => { if (Math.abs(place - x) < Math.abs(places[best] - x)) best = i; });
    show(best);
  });
  plot.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -places.length, End: places.length }[event.key];
    if (step !== undefined) {
      show(at < 0 && step < 0 ? places.length - 1 : at + step);
      event.preventDefault();
    }
  });
}
