'use strict';
// A chart says what its series are: a name, and where its numbers come from.
const Charts = (() => {
  const HEIGHT = 200, LEAST_WIDTH = 240;
  let charts = [];

  function listed(run, others) {
    const facts = run.facts;
    const metrics = facts.metrics.length;
    const epochs = (name, index) => ({ title: name + ' by epoch', x: 'epoch', series: () => [
      { name: 'train', rows: run.epochs, column: 1 + index }, { name: 'test', rows: run.epochs, column: 1 + metrics + index },
      ...[...others.values()].filter(other => other.metrics.includes(name)).map(other => (
        { name: other.run + ' test', rows: other.epochs, column: 1 + other.metrics.length + other.metrics.indexOf(name) }))] });
    const steps = (name, column, compared) => ({ title: name + ' by step', x: 'step', series: () => [
      { name, rows: run.steps, column },
      ...(compared ? [...others.values()].map(other => ({ name: other.run, rows: other.steps, column: 1 })) : [])] });
    // Objectives have a rate each, in one chart.
    const speed = facts.speed.map((name, index) => ({ name, column: 1 + metrics + index }));
    const rates = speed.filter(one => one.name.endsWith('/learning_rate'));
    return [steps('loss', 1, true), ...facts.metrics.map(epochs),
      ...facts.metrics.slice(1).map((name, index) => steps(name, 2 + index, false)),
      ...speed.filter(one => !rates.includes(one)).map(one => steps(one.name.replaceAll('_', ' '), one.column, false)),
      ...(rates.length ? [{ title: 'learning rates by step', x: 'step', series: () => (
        rates.map(one => ({ name: one.name.split('/')[0], rows: run.steps, column: one.column }))) }] : [])];
  }

  function dataOf(chart) {
    const series = chart.series();
    const xs = [...new Set(series.flatMap(one => one.rows.map(row => row[0])))].sort((a, b) => a - b);
    const ys = series.map(one => {
      const at = new Map(one.rows.map(row => [row[0], row[one.column]]));
      return xs.map(x => at.has(x) ? at.get(x) : undefined);
    });
    return [xs, ...ys];
  }

  function plotted(chart, box) {
    const axis = { stroke: colour('--pale'), grid: { stroke: colour('--rule'), width: 1 }, ticks: { stroke: colour('--rule') } };
    // What the mouse alone could do, to zoom and to hide a line, is left out.
    return new uPlot({
      width: Math.max(LEAST_WIDTH, box.clientWidth), height: HEIGHT, scales: { x: { time: false } },
      cursor: { drag: { x: false, y: false }, bind: { click: () => null, dblclick: () => null } },
      axes: [{ ...axis }, { ...axis, size: 56, values: (_, at) => at.map(short) }],
      series: [{ label: chart.x, value: (_, value) => short(value) || '-' }, ...chart.series().map((one, i) => (
        { label: one.name, stroke: colour('--c' + i % 6), width: 1.5, spanGaps: true, dash: i > 1 ? [6, 4] : undefined,
          value: (_, value) => short(value) || '-' }))],
    }, dataOf(chart), box);
  }

  // Arrow keys move the cursor from number to number, and tell what is there.
  function listen(chart) {
    let at = -1;
    chart.keys.addEventListener('keydown', event => {
      const [xs, ...ys] = chart.plot.data;
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -xs.length, End: xs.length }[event.key];
      if (step === undefined || xs.length === 0) return;
      event.preventDefault();
      at = Math.max(0, Math.min(xs.length - 1, at < 0 && step < 0 ? xs.length - 1 : at + step));
      chart.plot.setCursor({ left: chart.plot.valToPos(xs[at], 'x'), top: HEIGHT / 3 });
      const told = chart.series().map((one, i) => [one.name, ys[i][at]]).filter(([, value]) => value !== undefined && value !== null);
      chart.output.textContent = chart.x + ' ' + short(xs[at]) + ': '
        + told.map(([name, value]) => name + ' ' + short(value)).join(', ');
    });
  }

  function build(run, others) {
    charts.forEach(chart => chart.plot.destroy());
    $('charts').replaceChildren();
    charts = listed(run, others).map(chart => {
      const box = element('div', undefined, 'chart');
      const keys = element('div', undefined, 'keys');
      const output = element('output', undefined, 'heard');
      keys.tabIndex = 0;
      keys.setAttribute('role', 'group');
      keys.setAttribute('aria-label', chart.title + ': arrow keys go from number to number');
      output.setAttribute('aria-live', 'polite');
      box.append(element('h3', chart.title), keys, output);
      $('charts').append(box);
      const plot = plotted(chart, keys);
      plot.root.setAttribute('role', 'img');
      const made = { ...chart, plot, keys, output };
      listen(made);
      return made;
    });
    describe();
  }

  // What somebody hears who does not see a chart: the last number of each line.
  function describe() {
    charts.forEach(chart => {
      const lasts = chart.series().map(one => {
        const known = one.rows.filter(row => row[one.column] !== null);
        return known.length ? one.name + ' ' + known.at(-1)[one.column].toPrecision(4) : one.name + ' not known yet';
      });
      chart.plot.root.setAttribute('aria-label', chart.title + ': ' + lasts.join(', '));
    });
  }

  function refresh() {
    charts.forEach(chart => chart.plot.setData(dataOf(chart)));
    describe();
  }

  const resize = () => charts.forEach(chart => (
    chart.plot.setSize({ width: Math.max(LEAST_WIDTH, chart.keys.clientWidth), height: HEIGHT })));
  return { build, refresh, resize };
})();
