// What scrolls a page by itself, while it is still being drawn.

// Asks `step` ten times a second, once the page rests, until it says true, until so many seconds have passed, or until
// somebody acts: whoever scrolls is not called back.
window.afterimageScroll ??= (step, seconds) => {
    const from = performance.now(), ended = new AbortController();
    const options = { capture: true, passive: true, signal: ended.signal };
    for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
        document.addEventListener(kind, () => ended.abort(), options);
    const look = setInterval(() => {
        const main = document.querySelector('[data-testid="stMain"]'), passed = (performance.now() - from) / 1000;
        const rests = document.querySelector('[data-testid="stApp"][data-test-script-state="notRunning"] h1');
        if (!ended.signal.aborted && passed < seconds && !(rests && step(main, passed))) return;
        ended.abort();
        clearInterval(look);
    }, 100);
};

// Scrolls down as far as a chart needs to be seen, by its key, and once more while what stands above it grows.
window.afterimageSee ??= key => {
    let still = 0, place = NaN;
    afterimageScroll(main => {
        const seen = document.querySelector('.st-key-' + key), box = seen?.getBoundingClientRect();
        if (!box?.height) return false;
        const area = main.getBoundingClientRect();
        const head = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect().bottom ?? area.top;
        const below = box.bottom - area.bottom + 8, above = box.top - head - 8;
        if (below > 0) main.scrollBy(0, Math.min(below, above));
        still = box.top === place ? still + 1 : 0;
        place = seen.getBoundingClientRect().top;
        return still > 10;
    }, 60);
};

// Scrolls a row of choices to the one that is chosen.
window.afterimageChosen ??= row => afterimageScroll(() => {
    const chosen = [...document.querySelectorAll(row + ' :is([aria-checked="true"], [aria-pressed="true"])')];
    chosen.forEach(one => one.scrollIntoView({ inline: 'center', block: 'nearest' }));
    return chosen.length > 0;
}, 15);
