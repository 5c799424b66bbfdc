// Draws each `canvas[data-chart]` with Chart.js: {type, stacked, labels, series: [{label, values}]}.

const drawn = new Map();

/** Resolve a token to a colour a canvas understands; light-dark() lives only in computed styles. */
function colour(token) {
  const probe = document.createElement("i");
  probe.className = `ff-probe ff-probe-${token}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function dataset(series, index) {
  return {
    label: series.label,
    data: series.values,
    backgroundColor: colour(`c${index + 1}`),
    borderRadius: 3,
    maxBarThickness: 32,
  };
}

function scales(data) {
  const ticks = { color: colour("ink-3"), font: { family: "Inter", size: 12 } };
  return {
    x: { stacked: data.stacked, grid: { display: false }, border: { display: false }, ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 16 } },
    y: { stacked: data.stacked, grid: { color: colour("line") }, border: { display: false }, ticks: { ...ticks, maxTicksLimit: 5 } },
  };
}

function draw(canvas) {
  const data = JSON.parse(canvas.dataset.chart);
  drawn.get(canvas)?.destroy();
  drawn.set(
    canvas,
    new window.Chart(canvas, {
      type: data.type,
      data: { labels: data.labels, datasets: data.series.map(dataset) },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        plugins: { legend: { display: false } },
        scales: scales(data),
      },
    }),
  );
}

let library;

/** Fetch Chart.js once, when the first chart comes near. */
function loaded() {
  library ??= window.Chart
    ? Promise.resolve()
    : new Promise((settle, fail) => {
        const script = document.createElement("script");
        script.src = new URL("../vendor/chart-4.6.1.umd.min.js", import.meta.url).href;
        script.addEventListener("load", settle);
        script.addEventListener("error", fail);
        document.head.append(script);
      });
  return library;
}

const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      loaded().then(() => draw(target));
    }
  },
  { rootMargin: "200px" },
);

function drawAll(root = document) {
  for (const canvas of root.querySelectorAll("canvas[data-chart]")) {
    if (drawn.has(canvas)) draw(canvas);
    else near.observe(canvas);
  }
}

function forget() {
  for (const [canvas, chart] of drawn) {
    if (canvas.isConnected) continue;
    chart.destroy();
    drawn.delete(canvas);
  }
}

drawAll();
document.addEventListener("htmx:afterSettle", (event) => {
  forget();
  drawAll(event.detail.elt);
});

// Another theme means other colours.
new MutationObserver(() => drawAll()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
