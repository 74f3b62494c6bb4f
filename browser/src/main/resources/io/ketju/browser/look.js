'use strict';
// What tests ask of a page in a browser; it is there before the page's own scripts. Boxes are [left, top, right, bottom] in pixels of the whole page.
globalThis.Look = (() => {
  const numbers = colour => colour.match(/[\d.]+/g).map(Number);

  // Relative luminance and contrast as in WCAG 2.2.
  const luminance = ([red, green, blue]) => [red, green, blue].map(channel => channel / 255)
    .map(share => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4)
    .reduce((sum, share, i) => sum + share * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, other) => {
    const [low, high] = [luminance(numbers(one)), luminance(numbers(other))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const clear = colour => colour === 'transparent' || numbers(colour)[3] === 0;
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const shown = element => element.getClientRects().length > 0 && !element.closest('.heard')
    && getComputedStyle(element).visibility === 'visible';
  const box = element => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
  };
  const written = () => [...document.body.querySelectorAll('*')].filter(element => shown(element)
    && [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ''));

  // Text in a block of the timeline stands on the block, which is drawn before it.
  const contrastOf = element => {
    const style = getComputedStyle(element);
    if (!(element instanceof SVGElement)) return contrast(style.color, ground(element));
    const block = element.classList.contains('in') ? element.previousElementSibling : null;
    return contrast(style.fill, block ? getComputedStyle(block).fill : ground(element.closest('div')));
  };
  const pale = () => written().filter(element => !element.closest('title')).map(element => [element, contrastOf(element)])
    .filter(([, ratio]) => !(ratio >= 4.5)).map(([element, ratio]) => element.textContent.slice(0, 40) + ': ' + ratio.toFixed(2));

  // What is wider than the screen, and not within something that scrolls or cuts by itself.
  const wide = () => [...document.body.querySelectorAll('*')].filter(element => {
    const { left, right, width } = element.getBoundingClientRect();
    if (width === 0 || (left >= -0.5 && right <= document.documentElement.clientWidth + 0.5)) return false;
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== 'visible') return false;
    }
    return true;
  }).map(element => element.tagName + ' ' + (element.id || element.className) + ' ' + box(element).map(Math.round));

  const groundOf = selector => numbers(ground(document.querySelector(selector))).slice(0, 3)
    .reduce((all, channel) => all * 256 + channel, 0);

  const focused = () => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const name = at.id || (at.type === 'checkbox' ? at.parentElement.textContent.trim() : at.getAttribute('aria-label') ?? at.textContent.trim());
    return { name: at === document.body ? '' : name, box: box(at),
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        && contrast(style.outlineColor, ground(at.parentElement)) >= 3 };
  };
  const tones = () => ({ text: luminance(numbers(getComputedStyle(document.body).color)), ground: luminance(numbers(ground(document.body))) });
  return { pale, wide, box, groundOf, focused, tones, contrast };
})();
