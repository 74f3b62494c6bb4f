'use strict';
// What stages were planned to hold and hold, and what goes from one to another.
const Stages = (() => {
  const PARTS = [['weights', 'weights'], ['gradients', 'gradients'], ['optimizer', 'optimizer'],
    ['micro-batches', 'microbatches'], ['buffers', 'buffers'], ['copies for checkpoints', 'copies']];
  const all = of => PARTS.reduce((sum, [, key]) => sum + of[key], 0);

  function bar(word, of, most) {
    const made = element('div', undefined, 'bar');
    PARTS.forEach(([, key], i) => {
      const piece = element('span');
      piece.style.width = 100 * of[key] / most + '%';
      piece.style.background = 'var(--c' + i + ')';
      made.append(piece);
    });
    made.title = word + ': ' + PARTS.filter(([, key]) => of[key] > 0).map(([name, key]) => name + ' ' + bytes(of[key])).join(', ');
    made.setAttribute('role', 'img');
    made.setAttribute('aria-label', made.title);
    return made;
  }

  function row(index, plan, held, most) {
    const made = element('tr');
    const head = element('th', index);
    head.scope = 'row';
    const bars = element('td');
    bars.append(bar('planned', plan, most));
    if (held) bars.append(bar('held', held, most));
    made.append(head, element('td', plan.layers, 'layers'), element('td', count(plan.parameters)), element('td', bytes(all(plan))),
      element('td', held ? bytes(all(held)) : '-'), bars, element('td', held ? held.slots + ' of ' + plan.slots : '- of ' + plan.slots),
      element('td', plan.inFlight), element('td', plan.versions), element('td', plan.delay));
    return made;
  }

  function draw(facts, held) {
    const measured = facts.stages.map((_, index) => held.find(one => one.stage === index));
    const most = Math.max(1, ...facts.stages.map(all), ...held.map(all));
    $('stages').tBodies[0].replaceChildren(...facts.stages.map((plan, index) => row(index, plan, measured[index], most)));
    $('parts').replaceChildren(...PARTS.map(([name], i) => {
      const key = element('span', undefined, 'part');
      const mark = element('span', undefined, 'mark');
      mark.style.background = 'var(--c' + i + ')';
      key.append(mark, name);
      return key;
    }));
  }

  // Every pair of stages that was planned to send, and every other that has.
  function links(facts, crossed) {
    const rows = new Map(facts.links.map(([from, to, size]) => [from + ' ' + to, { from, to, size }]));
    crossed.forEach(([from, to, rate]) => {
      const key = from + ' ' + to;
      rows.set(key, { from, to, ...rows.get(key), rate });
    });
    $('links').tBodies[0].replaceChildren(...[...rows.values()].map(link => {
      const made = element('tr');
      made.append(element('td', 'stage ' + link.from), element('td', 'stage ' + link.to),
        element('td', link.size === undefined ? '-' : bytes(link.size)),
        element('td', link.rate === undefined || link.rate === null ? '-' : bytes(link.rate) + '/s'));
      return made;
    }));
  }

  function memory(facts, held, news) {
    const sum = list => bytes(list.reduce((total, of) => total + all(of), 0));
    $('memory').textContent = 'All stages: ' + sum(facts.stages) + ' planned'
      + (held.length === facts.stages.length ? ', ' + sum(held) + ' held' : '') + '. '
      + (news.memory === null ? '' : 'This process: ' + bytes(news.memory) + ' with code, heap and samples'
      + (facts.workers > 1 ? '; the stages are in ' + facts.workers + ' others.' : '.'));
  }
  return { draw, links, memory };
})();
