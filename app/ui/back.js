// A link leads to another page, and one press of Back returns to this one as it was left, to the line that one was at.
// Streamlit writes a step into the browser's history for each change of the address. It takes this page's parameters out
// before it leaves: that is left out. What it corrects on the next page before anybody has done anything there, and all
// that is done on a page that a link led to, takes that page's place.
window.afterimageBack ??= (() => {
    const push = history.pushState, places = {};
    let left = -Infinity, led = false, acted = false;
    const leaving = () => performance.now() - left < 5000;
    for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, () => { acted = true; }, true);
    document.addEventListener('click', event => {
        const link = event.target.closest?.('[data-testid="stPageLink"] a');
        if (!link || new URL(link.href).pathname === location.pathname) return;
        left = performance.now();
        places[location.pathname] = document.querySelector('[data-testid="stMain"]').scrollTop;
    }, true);
    history.pushState = function (state, title, url) {
        if (new URL(url ?? '', location.href).pathname !== location.pathname) {
            led = leaving();
            left = -Infinity;
            acted = false;
        } else if (leaving()) return;
        else if (led || !acted) return this.replaceState(state, title, url);
        push.call(this, state, title, url);
    };
    addEventListener('popstate', () => {
        const place = places[location.pathname];
        led = false;
        delete places[location.pathname];
        if (place) afterimageScroll((main, passed) => {
            if (main.scrollHeight < place) return false;
            main.scrollTo(0, place);
            return passed > 1.5;
        }, 15);
    });
    return true;
})();
