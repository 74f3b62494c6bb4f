"use strict";
// Finds sections that have every word; those with a word in their heading come first.
(function () {
  const most = 20;
  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const root = document.body.dataset.root;

  function rank(words, section) {
    const heading = (section[0] + " " + section[1]).toLowerCase();
    const text = heading + " " + section[3].toLowerCase();
    if (!words.every(word => text.includes(word))) return 0;
    return 1 + words.filter(word => heading.includes(word)).length;
  }

  function excerpt(words, text) {
    const at = Math.max(0, ...words.map(word => text.toLowerCase().indexOf(word)));
    return text.slice(Math.max(0, at - 60), at + 100);
  }

  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word.length > 1);
    found.replaceChildren();
    if (words.length === 0) return;
    window.ketjuPages
      .map(section => [rank(words, section), section])
      .filter(entry => entry[0] > 0)
      .sort((one, other) => other[0] - one[0])
      .slice(0, most)
      .forEach(entry => {
        const section = entry[1];
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + section[2];
        link.textContent = section[0] === section[1] ? section[0] : section[0] + ": " + section[1];
        const text = document.createElement("small");
        text.textContent = excerpt(words, section[3]);
        item.append(link, text);
        found.append(item);
      });
    if (!found.firstChild) {
      const item = document.createElement("li");
      item.textContent = "Nothing found";
      found.append(item);
    }
  });
})();
