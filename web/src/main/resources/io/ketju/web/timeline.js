'use strict';
// A row for each rank, a block for each action, what is idle left free. Actions are [text, kind, micro-batch, begin, end, cause].
const Timeline = (() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const WORDS = { F: 'forward', B: 'backward', I: 'gradient of the input', W: 'gradient of the weights', R: 'forward again',
    G: 'exchange of gradients with replicas', N: 'sums of gradients', S: 'optimizer step',
    V: 'exchange of new weights with replicas' };
  const LEFT = 60, WIDTH = 1000, ROW = 30, BLOCK = 24, TOP = 22;
  let blocks = [];
  let chosen = -1;

  const make = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const describe = (block, unit) => {
    const [text, kind, microbatch, begin, end, cause] = block.action;
    const idle = block.before === undefined ? begin : begin - block.before;
    const first = block.before === undefined && unit === 'us'; // of a sample: what was before it is not known
    const batch = 'GNSV'.includes(kind) ? '' : ' of micro-batch ' + microbatch;
    return 'rank ' + block.rank + ', ' + text + ': ' + WORDS[kind] + batch + ', ' + (end - begin).toFixed(1) + ' ' + unit
      + (first ? '; the first of this sample' : '; idle before ' + Math.max(0, idle).toFixed(1) + ' ' + unit)
      + ', waited last for: ' + cause;
  };

  const choose = (index, unit) => {
    if (blocks[chosen]) blocks[chosen].element.classList.remove('chosen');
    chosen = index;
    if (blocks[chosen]) {
      blocks[chosen].element.classList.add('chosen');
      document.getElementById('action').textContent = describe(blocks[chosen], unit);
    }
  };

  const draw = (ranks, unit) => {
    const box = document.getElementById('timeline');
    const last = Math.max(1e-9, ...ranks.flat().map(action => action[4]));
    const span = unit === 'us' && last >= 10000 ? (last / 1000).toFixed(1) + ' ms' : last.toFixed(0) + ' ' + unit;
    const svg = make('svg', { viewBox: '0 0 ' + (LEFT + WIDTH + 10) + ' ' + (TOP + ranks.length * ROW + 6), role: 'img',
      'aria-label': ranks.length + ' ranks, ' + span });
    svg.append(make('text', { x: LEFT, y: 14 }, '0'));
    svg.append(make('text', { x: LEFT + WIDTH, y: 14, 'text-anchor': 'end' }, span));
    blocks = [];
    ranks.forEach((actions, rank) => {
      const y = TOP + rank * ROW;
      svg.append(make('text', { x: 0, y: y + 16 }, 'rank ' + rank));
      let before;
      actions.forEach(action => {
        const x = LEFT + action[3] / last * WIDTH;
        const width = Math.max(0.5, (action[4] - action[3]) / last * WIDTH);
        const element = make('rect', { x, y, width, height: BLOCK, class: action[1] });
        const block = { action, rank, before, element };
        element.append(make('title', {}, describe(block, unit)));
        const index = blocks.push(block) - 1;
        element.addEventListener('pointerenter', () => choose(index, unit));
        svg.append(element);
        if (action[0].length * 7 <= width) svg.append(make('text', { x: x + 3, y: y + 16, class: 'in' }, action[0]));
        before = action[4];
      });
    });
    box.replaceChildren(svg);
    chosen = Math.min(chosen, blocks.length - 1); // whoever goes by keys goes on from there
    box.onkeydown = event => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -blocks.length, End: blocks.length }[event.key];
      if (step !== undefined && blocks.length > 0) {
        choose(Math.max(0, Math.min(blocks.length - 1, chosen + step)), unit);
        blocks[chosen].element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        event.preventDefault();
      }
    };
  };
  return { draw };
})();
