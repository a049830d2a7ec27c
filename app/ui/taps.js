// A click on a chart chooses what the pointer was over just before. A finger was over nothing: so each touch begins with
// a move of the pointer to its place.
window.afterimageTaps ??= (document.addEventListener('touchstart', event => {
    const { clientX, clientY } = event.touches[0];
    const move = new MouseEvent('mousemove', { bubbles: true, clientX, clientY });
    event.target.closest?.('.js-plotly-plot .nsewdrag')?.dispatchEvent(move);
}, { capture: true, passive: true }), true);
