'use strict';
const run = { facts: null, version: 0, steps: [], epochs: [], held: false, ended: false, memory: [], crossed: [] };
const others = new Map();

// Also after layers have moved: then charts, and which runs are beside them, stay as they are.
function learn(facts) {
  const known = run.facts && ['name', 'run', 'model', 'data'].every(key => run.facts[key] === facts[key]);
  run.facts = facts;
  run.version = facts.version;
  document.title = facts.run + ' - Ketju';
  $('name').textContent = facts.name + ' (' + facts.run + ')';
  $('about').textContent = facts.model + ' on ' + facts.data + ', ' + facts.stages.length + ' stages, ' + facts.schedule + ', '
    + facts.microbatches + ' micro-batches, batch ' + facts.batch;
  run.memory = run.crossed = [];
  Stages.draw(facts, run.memory);
  Stages.links(facts, run.crossed);
  if (!known || !run.held) {
    $('timeline-note').textContent = 'as planned, by modelled costs';
    Timeline.draw(facts.plan, '% of a step');
  }
  if (!known) {
    others.clear();
    Charts.build(run, others);
    loadRuns();
  }
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
  if (news.timeline) {
    run.memory = news.held;
    run.crossed = news.crossed;
    Stages.draw(facts, run.memory);
    Stages.links(facts, run.crossed);
  }
  Stages.memory(facts, run.memory, news);
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
  Charts.refresh();
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
        Charts.build(run, others);
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
  events.onerror = () => {
    if (run.ended) return;
    $('status').textContent = 'no connection: the run may have ended';
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2000); // too many pages were open
  };
}

$('pause').addEventListener('click', () => {
  run.held = !run.held;
  $('pause').setAttribute('aria-pressed', run.held);
  $('pause').textContent = run.held ? 'Let the timeline go on' : 'Hold the timeline';
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { if (run.facts) Charts.build(run, others); });
addEventListener('resize', Charts.resize);
connect();
