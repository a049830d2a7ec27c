/* The film of where it looked. All its pictures are in the page; which of them is seen is said here, by a click on a word,
   by play, or by the slider. It listens to the document, so it is there whatever Streamlit draws again. */
window.afterimageFilm ??= (() => {
  const playing = new WeakMap();
  const at = film => Number(film.querySelector('.looked-at').value);

  function show(film, place) {
    const words = film.querySelectorAll('.looked-word'), slider = film.querySelector('.looked-at');
    words.forEach((word, k) => {
      word.classList.toggle('now', k === place);
      word.classList.toggle('said', k <= place);
      if (k === place) word.setAttribute('aria-current', 'true'); else word.removeAttribute('aria-current');
    });
    film.querySelectorAll('.looked-map').forEach((map, k) => map.classList.toggle('now', k === place));
    film.querySelector('.looked-note').textContent = words[place].dataset.note;
    slider.value = place;
    slider.setAttribute('aria-valuetext', words[place].innerText);
  }
  function pause(film) {
    clearInterval(playing.get(film));
    playing.delete(film);
    name(film, '▶', 'play');
  }
  function play(film) {
    const last = film.querySelectorAll('.looked-word').length - 1;
    if (at(film) >= last) show(film, 0);
    name(film, '❚❚', 'pause');
    playing.set(film, setInterval(() => {
      if (!film.isConnected || at(film) >= last) return pause(film);
      show(film, at(film) + 1);
    }, Number(film.dataset.pace)));
  }
  function name(film, sign, which) {
    const button = film.querySelector('.looked-play');
    button.textContent = sign;
    button.setAttribute('aria-label', button.dataset[which]);
  }
  document.addEventListener('click', event => {
    const word = event.target.closest?.('.looked-word'), button = event.target.closest?.('.looked-play');
    const film = (word ?? button)?.closest('.looked');
    if (word) { pause(film); show(film, [...film.querySelectorAll('.looked-word')].indexOf(word)); }
    if (button) { if (playing.has(film)) pause(film); else play(film); }
  });
  document.addEventListener('input', event => {
    const film = event.target.closest?.('.looked-at')?.closest('.looked');
    if (film) { pause(film); show(film, at(film)); }
  });
  /* Under the pointer, a region's share of the attention. */
  document.addEventListener('pointermove', event => {
    const photo = event.target.closest?.('.looked-photo'), film = photo?.closest('.looked');
    const shares = film?.querySelector('.looked-map.now')?.dataset.shares.split(' ');
    if (!shares) return;
    const box = photo.getBoundingClientRect(), [rows, columns] = photo.dataset.grid.split(' ').map(Number);
    const column = Math.min(columns - 1, Math.max(0, Math.floor((event.clientX - box.x) / box.width * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((event.clientY - box.y) / box.height * rows)));
    film.querySelector('.looked-note').textContent = photo.dataset.region.replace('{row}', row + 1)
      .replace('{column}', column + 1).replace('{share}', `${(100 * shares[row * columns + column]).toFixed(1)}%`);
  });
  document.addEventListener('pointerout', event => {
    const photo = event.target.closest?.('.looked-photo'), film = photo?.closest('.looked');
    if (film?.querySelector('.looked-word.now') && !photo.contains(event.relatedTarget)) show(film, at(film));
  });
  return true;
})();
