// A link leads to another page, and one press of Back returns to this one as it was left, to the line that one was at.
// Streamlit writes a step more into the browser's history for each change of the address: here a page is one step,
// whatever one does in it. What Streamlit takes out of a page's address before it leaves stays in it.
window.afterimageBack ??= (() => {
    const push = history.pushState, places = {};
    let left = -Infinity;
    document.addEventListener('click', event => {
        const link = event.target.closest?.('[data-testid="stPageLink"] a');
        if (!link || new URL(link.href).pathname === location.pathname) return;
        left = performance.now();
        places[location.pathname] = document.querySelector('[data-testid="stMain"]').scrollTop;
    }, true);
    history.pushState = function (state, title, url) {
        if (new URL(url ?? '', location.href).pathname !== location.pathname) {
            left = -Infinity;
            return push.call(this, state, title, url);
        }
        if (performance.now() - left > 5000) this.replaceState(state, title, url);
    };
    addEventListener('popstate', () => {
        const place = places[location.pathname];
        delete places[location.pathname];
        if (place) afterimageScroll((main, passed) => {
            if (main.scrollHeight < place) return false;
            main.scrollTo(0, place);
            return passed > 1.5;
        }, 15);
    });
    return true;
})();
