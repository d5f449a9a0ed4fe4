/** The script of the report: search, filters, folding. Everything can be read without it. */
export const script = `
(() => {
  const form = document.querySelector("form.filter");
  const items = [...document.querySelectorAll("details.finding")];
  const details = [...document.querySelectorAll("details")];
  if (form && items.length > 0) {
    form.hidden = false;
    const search = document.getElementById("filter-text");
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const count = document.getElementById("filter-count");
    const texts = new Map();
    const textOf = (item) => {
      if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      return texts.get(item);
    };
    const apply = () => {
      const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
      const on = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      let shown = 0;
      for (const item of items) {
        const fits = on.has(item.dataset.severity) && words.every((word) => textOf(item).includes(word));
        item.hidden = !fits;
        if (fits) shown += 1;
      }
      count.textContent = shown === items.length ? "" : shown + " of " + items.length + " findings shown";
    };
    let waiting;
    search.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    for (const box of boxes) box.addEventListener("change", apply);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      apply();
    });
    const fold = (open) => {
      for (const item of items) item.open = open;
    };
    document.getElementById("unfold").addEventListener("click", () => fold(true));
    document.getElementById("fold").addEventListener("click", () => fold(false));
  }
  const unfoldTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details");
    if (around) around.open = true;
  };
  addEventListener("hashchange", unfoldTarget);
  unfoldTarget();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = details.filter((item) => !item.open);
    for (const item of folded) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of folded) item.open = false;
  });
})();
`;
