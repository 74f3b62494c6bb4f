'use strict';
const $ = id => document.getElementById(id);
const run = { facts: null, version: 0, steps: [], epochs: [], timeline: [], held: false, ended: false };
const others = new Map();
let charts = [];

const bytes = value => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (unit === 0 ? value.toFixed(0) : value.toFixed(1)) + ' ' + units[unit];
};
const count = value => Math.round(value).toLocaleString('en');

// A learning rate has more digits than a loss.
const short = value => value === null ? '' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

// A chart says what its series are: a name, and where its numbers come from.
function chartsOf(facts) {
  const metrics = facts.metrics.length;
  const made = [];
  const epochs = (name, index) => ({ title: name + ' by epoch', x: 'epoch', series: () => [
    { name: 'train', rows: run.epochs, column: 1 + index }, { name: 'test', rows: run.epochs, column: 1 + metrics + index },
    ...[...others.values()].filter(other => other.metrics.includes(name)).map(other => (
      { name: other.run + ' test', rows: other.epochs, column: 1 + other.metrics.length + other.metrics.indexOf(name) }))] });
  const steps = (name, column, compared) => ({ title: name + ' by step', x: 'step', series: () => [
    { name, rows: run.steps, column },
    ...(compared ? [...others.values()].map(other => ({ name: other.run, rows: other.steps, column: 1 })) : [])] });
  made.push(steps('loss', 1, true));
  facts.metrics.forEach((name, index) => made.push(epochs(name, index)));
  facts.speed.forEach((name, index) => made.push(steps(name.replaceAll('_', ' '), 1 + metrics + index, false)));
  return made;
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

function build() {
  charts.forEach(chart => chart.plot.destroy());
  $('charts').replaceChildren();
  charts = chartsOf(run.facts).map(chart => {
    const box = element('div', undefined, 'chart');
    box.append(element('h3', chart.title));
    $('charts').append(box);
    const axis = { stroke: colour('--pale'), grid: { stroke: colour('--rule'), width: 1 }, ticks: { stroke: colour('--rule') } };
    const plot = new uPlot({
      width: Math.max(240, box.clientWidth - 16), height: 200, scales: { x: { time: false } },
      axes: [{ ...axis }, { ...axis, size: 56, values: (_, at) => at.map(short) }],
      series: [{ label: chart.x }, ...chart.series().map((one, i) => (
        { label: one.name, stroke: colour('--c' + i % 6), width: 1.5, spanGaps: true, dash: i > 1 ? [6, 4] : undefined }))],
    }, dataOf(chart), box);
    plot.root.setAttribute('role', 'img');
    return { ...chart, plot, box };
  });
  describeCharts();
}

// What somebody hears who does not see a chart: the last number of each line.
function describeCharts() {
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
  describeCharts();
}

// Also after layers have moved: then charts, and which runs are beside them, stay as they are.
function learn(facts) {
  const known = run.facts && ['name', 'run', 'model', 'data'].every(key => run.facts[key] === facts[key]);
  run.facts = facts;
  run.version = facts.version;
  document.title = facts.run + ' - Ketju';
  $('name').textContent = facts.name + ' (' + facts.run + ')';
  $('about').textContent = facts.model + ' on ' + facts.data + ', ' + facts.stages.length + ' stages, ' + facts.schedule + ', '
    + facts.microbatches + ' micro-batches, batch ' + facts.batch;
  $('stages').tBodies[0].replaceChildren(...facts.stages.map((stage, index) => {
    const row = element('tr');
    const head = element('th', index);
    head.scope = 'row';
    const bar = element('div', undefined, 'bar');
    const most = Math.max(...facts.stages.map(other => other.bytes), 1);
    const parts = [['weights', stage.weights], ['gradients', stage.gradients], ['optimizer', stage.optimizer], ['micro-batches', stage.slots]];
    parts.forEach(([name, part], i) => {
      const piece = element('span');
      piece.style.width = 100 * part / most + '%';
      piece.style.background = 'var(--c' + i + ')';
      bar.append(piece);
    });
    bar.title = parts.map(([name, part]) => name + ' ' + bytes(part)).join(', ');
    bar.setAttribute('role', 'img');
    bar.setAttribute('aria-label', bar.title);
    const memory = element('td');
    memory.append(bar);
    row.append(head, element('td', stage.layers), element('td', count(stage.parameters)), element('td', bytes(stage.bytes)),
      memory, element('td', stage.inFlight), element('td', stage.versions), element('td', stage.delay));
    return row;
  }));
  if (!known || !run.held) {
    $('timeline-note').textContent = 'as planned, by modelled costs';
    Timeline.draw(facts.plan, '% of a step');
  }
  if (!known) {
    others.clear();
    build();
    loadRuns();
  }
}

function links(rate) {
  const facts = run.facts;
  const perSecond = rate / (facts.batch / facts.microbatches);
  const rows = [];
  facts.stages.forEach((stage, i) => {
    if (stage.forward && i + 1 < facts.stages.length) rows.push([i, i + 1, stage.forward]);
    if (stage.back && i > 0) rows.push([i, i - 1, stage.back]);
  });
  $('links').tBodies[0].replaceChildren(...rows.map(([from, to, size]) => {
    const row = element('tr');
    row.append(element('td', 'stage ' + from), element('td', 'stage ' + to), element('td', bytes(size)),
      element('td', rate === null ? '-' : bytes(size * perSecond) + '/s'));
    return row;
  }));
}

function take(kept, from, rows) {
  kept.length = Math.min(kept.length, from);
  kept.push(...rows);
}

function hear(news) {
  run.ended = news.ended;
  const facts = run.facts;
  take(run.steps, news.stepsFrom, news.steps);
  take(run.epochs, news.epochsFrom, news.epochs);
  $('status').textContent = news.status + (news.step === 0 ? '' : ': step ' + count(news.step) + ' of ' + count(facts.steps) + ', epoch '
    + news.epoch + ' of ' + facts.epochs + ', loss ' + (news.loss === null ? '-' : news.loss.toFixed(4))
    + ', ' + (news.rate === null ? '-' : count(news.rate)) + ' samples/s, bubble '
    + (news.bubble === null ? '-' : (100 * news.bubble).toFixed(1)) + ' %');
  $('progress').value = news.step / facts.steps;
  const planned = facts.stages.reduce((sum, stage) => sum + stage.bytes, 0);
  $('memory').textContent = 'All stages, as planned: ' + bytes(planned) + '. '
    + (news.memory === null ? '' : 'This process, measured: ' + bytes(news.memory) + ' with code, heap and samples'
    + (facts.workers > 1 ? '; the stages are in ' + facts.workers + ' others.' : '.'));
  links(news.rate);
  const log = $('log');
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  log.textContent = (log.textContent + news.lines.map(line => line + '\n').join('')).split('\n').slice(-400).join('\n');
  if (atEnd) log.scrollTop = log.scrollHeight;
  if (news.timeline && !run.held) {
    $('timeline-note').textContent = 'two steps of just now, as measured'
      + (news.processes > 1 ? ' in ' + news.processes + ' processes; their clocks are put together by the tensors between them' : '')
      + (news.dropped > 0 ? '; ' + count(news.dropped) + ' actions before are left out' : '');
    Timeline.draw(news.timeline, 'us');
  }
  refresh();
}

async function loadRuns() {
  const names = (await (await fetch('/api/runs')).json()).runs.filter(name => name !== run.facts.run);
  if (names.length) {
    $('runs').replaceChildren(...names.map(name => {
      const label = element('label');
      const box = element('input');
      box.type = 'checkbox';
      box.addEventListener('change', async () => {
        if (box.checked) {
          const answer = await fetch('/api/runs/' + encodeURIComponent(name));
          if (answer.ok) others.set(name, await answer.json());
        } else {
          others.delete(name);
        }
        build();
      });
      label.append(box, ' ' + name);
      return label;
    }));
  }
}

async function message(news) {
  if (news.facts > run.version) {
    // A run that ends now answers no more: what is known stays.
    const facts = await fetch('/api/run').then(answer => answer.json()).catch(() => null);
    if (facts) learn(facts);
  }
  if (run.facts) hear(news);
  else $('status').textContent = news.status;
}

function connect() {
  const events = new EventSource('/api/events');
  let before = Promise.resolve(); // one message after the other
  events.onmessage = event => {
    const news = JSON.parse(event.data);
    before = before.then(() => message(news));
    if (news.ended) events.close();
  };
  // All is told from the beginning, of this run or of one that has the port now.
  const forget = () => { run.version = run.steps.length = run.epochs.length = 0; $('log').textContent = ''; };
  events.onopen = () => { before = before.then(forget); };
  events.onerror = () => { if (!run.ended) $('status').textContent = 'no connection: the run may have ended'; };
}

$('pause').addEventListener('click', () => {
  run.held = !run.held;
  $('pause').setAttribute('aria-pressed', run.held);
  $('pause').textContent = run.held ? 'Let the timeline go on' : 'Hold the timeline';
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (run.facts) build(); });
addEventListener('resize', () => charts.forEach(chart => chart.plot.setSize({ width: Math.max(240, chart.box.clientWidth - 16), height: 200 })));
connect();
