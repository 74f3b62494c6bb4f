'use strict';
// What tests ask of the live page, beside what they ask of any.
Object.assign(Look, {
  charts: () => [...document.querySelectorAll('.chart')].map(chart => ({
    title: chart.querySelector('h3').textContent,
    plot: Look.box(chart.querySelector('.u-over')),
    canvas: Look.box(chart.querySelector('canvas')),
    series: [...chart.querySelectorAll('.u-label')].slice(1).map(label => label.textContent),
  })),

  // A colour of the style sheet as a number.
  colourOf: name => parseInt(colour(name).slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3'), 16),
});
