'use strict';
// What all parts of the page use.
const $ = id => document.getElementById(id);

const bytes = value => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return (unit === 0 ? value.toFixed(0) : value.toFixed(1)) + ' ' + units[unit];
};
const count = value => Math.round(value).toLocaleString('en');

// A learning rate has more digits than a loss.
const short = value => value === null || value === undefined ? '' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
