/** Where everything of the picture stands: boxes, rows and the lines between them, in units of the drawing. */
import type { ReportedDeployment, ReportedService } from "../../triage/report.ts";
import { type Drawing, serviceTitle, type Way, type Zone } from "../drawing.ts";

/** The drawing is this wide; its height follows from what is in it. */
export const width = 1000;

const rowHeight = 38;
const headHeight = 34;
const zoneHeight = 44;
const gap = 22;
const laneGap = 9;
/** More rows of one service are told in words only. */
const mostRows = 10;

/** Somebody who calls. */
export interface ZoneNode {
  readonly zone: Zone;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A way in, as a row of the server that it leads to. */
interface Row {
  readonly title: string;
  readonly text: string;
  readonly open: boolean;
  readonly y: number;
}

/** A server with the ways that lead to it. */
export interface Box {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly container: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly Row[];
  /** Rows that there was no room for. */
  readonly more: number;
}

type Point = readonly [x: number, y: number];

/** A line from a caller, or from a proxy, to a row. */
export interface Line {
  readonly points: readonly Point[];
  readonly curved: boolean;
  readonly open: boolean;
  readonly inside: boolean;
}

/** Everything that is drawn of a deployment. */
export interface Picture {
  readonly height: number;
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly zones: readonly ZoneNode[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** Servers that nobody can call. */
  readonly silent: readonly string[];
}

const outside: readonly Zone[] = ["internet", "network", "unknown"];

/** Places callers on the left, proxies in the middle and servers on the right. */
export function layOut({ services }: ReportedDeployment, drawing: Drawing): Picture {
  const proxies = new Set(
    drawing.ways.flatMap(({ through }) => (through === undefined ? [] : [through.proxy])),
  );
  const called = services.filter(({ name }) => drawing.ways.some((way) => way.service === name));
  const inner = zonesOf(drawing.ways).filter((zone) => !outside.includes(zone));
  const middle = called.some(({ name }) => proxies.has(name)) || inner.length > 0;
  const direct = middle
    ? drawing.ways.filter(
        (way) => way.through === undefined && outside.includes(way.zone) && !proxies.has(way.service),
      )
    : [];
  const top = 46 + Math.min(direct.length, mostRows) * laneGap;
  const left = stack(
    called.filter(({ name }) => proxies.has(name)),
    drawing.ways,
    { x: 236, y: top, width: 270 },
  );
  const right = stack(
    called.filter(({ name }) => !proxies.has(name)),
    drawing.ways,
    middle ? { x: 586, y: top, width: 392 } : { x: 420, y: top, width: 558 },
  );
  const outer = zoneColumn(
    zonesOf(drawing.ways).filter((zone) => outside.includes(zone)),
    { x: 2, y: top, width: 150 },
  );
  const nodes = [...outer, ...zoneColumn(inner, { x: 236, y: bottomOf(left, top - gap) + gap, width: 270 })];
  const boxes = [...left, ...right];
  const bottom = Math.max(bottomOf(boxes, top), ...nodes.map((node) => node.y + node.height));
  return {
    height: bottom + 30,
    frame: { x: 206, y: 12, width: width - 210, height: bottom + 6 },
    zones: nodes,
    boxes,
    lines: linesOf(drawing.ways, nodes, boxes, middle),
    silent: services.filter((service) => !called.includes(service)).map(serviceTitle),
  };
}

function zonesOf(ways: readonly Way[]): readonly Zone[] {
  return [...new Set(ways.map(({ zone }) => zone))];
}

interface Column {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function stack(services: readonly ReportedService[], ways: readonly Way[], column: Column): readonly Box[] {
  const boxes: Box[] = [];
  for (const service of services) {
    const box = boxOf(
      service,
      ways.filter((way) => way.service === service.name),
      { ...column, y: bottomOf(boxes, column.y - gap) + gap },
    );
    boxes.push(box);
  }
  return boxes;
}

function bottomOf(boxes: readonly Box[], otherwise: number): number {
  return Math.max(otherwise, ...boxes.map((box) => box.y + box.height));
}

function boxOf(service: ReportedService, ways: readonly Way[], { x, y, width }: Column): Box {
  const shown = shownWays(ways);
  const rows = shown.map((way, index): Row => {
    const through =
      way.through === undefined
        ? ""
        : `${way.through.route === "" ? "" : `${way.through.route}, `}through ${way.through.proxy}`;
    return {
      title: `${way.address}${through === "" ? "" : `  ${through}`}`,
      text: way.kept.join(", "),
      open: way.open,
      y: y + headHeight + index * rowHeight,
    };
  });
  const more = ways.length - shown.length;
  return {
    name: service.name,
    title: serviceTitle(service),
    version: service.version.value ?? "",
    container: service.network?.kind === "container",
    x,
    y,
    width,
    height: headHeight + rows.length * rowHeight + (more > 0 ? 24 : 6),
    rows,
    more,
  };
}

/** What is open stands first; the rest in the order of the ways. */
function shownWays(ways: readonly Way[]): readonly Way[] {
  return [...ways.filter(({ open }) => open), ...ways.filter(({ open }) => !open)].slice(0, mostRows);
}

function zoneColumn(zones: readonly Zone[], { x, y, width }: Column): readonly ZoneNode[] {
  return zones.map((zone, index) => ({
    zone,
    x,
    y: y + index * (zoneHeight + 34),
    width,
    height: zoneHeight,
  }));
}

function linesOf(
  ways: readonly Way[],
  nodes: readonly ZoneNode[],
  boxes: readonly Box[],
  middle: boolean,
): readonly Line[] {
  const lines: Line[] = [];
  const toProxies = new Map<string, Line>();
  let lane = 0;
  for (const box of boxes) {
    for (const [index, way] of shownWays(ways.filter((one) => one.service === box.name)).entries()) {
      const end: Point = [box.x, (box.rows[index]?.y ?? box.y) + rowHeight / 2];
      const node = nodes.find(({ zone }) => zone === way.zone);
      if (node === undefined) continue;
      const proxy = boxes.find(({ name }) => name === way.through?.proxy);
      const shared = { open: way.open, inside: !outside.includes(way.zone) };
      if (proxy !== undefined) {
        const row = proxyEnd(proxy, way.address);
        lines.push({ points: [[proxy.x + proxy.width, row[1]], end], curved: true, ...shared });
        const key = `${way.zone} ${row[1]}`;
        const known = toProxies.get(key);
        toProxies.set(key, {
          points: [startOf(node, row), row],
          curved: true,
          ...shared,
          open: way.open || known?.open === true,
        });
      } else if (way.zone !== "host" && way.zone !== "internal" && middle && box.x > 400) {
        lines.push({ points: byLane(node, end, lane), curved: false, ...shared });
        lane += 1;
      } else lines.push({ points: [startOf(node, end), end], curved: true, ...shared });
    }
  }
  return [...lines, ...toProxies.values()].sort((a, b) => Number(a.open) - Number(b.open));
}

/** The row of the proxy that has the port which the caller uses; its head where none has. */
function proxyEnd(proxy: Box, address: string): Point {
  const port = portOf(address);
  const row = proxy.rows.find(({ title }) => portOf(title) === port);
  return [proxy.x, row === undefined ? proxy.y + headHeight / 2 : row.y + rowHeight / 2];
}

function portOf(address: string): string | undefined {
  return /:(\d+)(?: |$)/u.exec(address)?.[1];
}

/** Out of a caller at the side, a little towards where the line goes, so that several do not cover each other. */
function startOf(node: ZoneNode, [x, y]: Point): Point {
  if (x < node.x + node.width) return [node.x, node.y + node.height / 2];
  const middle = node.y + node.height / 2;
  const lean = Math.max(-14, Math.min(14, (y - middle) / 12));
  return [node.x + node.width, middle + lean];
}

/** Above the proxies: a line that ran behind one would look as if it went through it. */
function byLane(node: ZoneNode, [x, y]: Point, lane: number): readonly Point[] {
  const height = 40 + lane * laneGap;
  const start = startOf(node, [x, height]);
  const rise = node.x + node.width + 14 + lane * 4;
  const fall = x - 16 - lane * 4;
  return [start, [rise, start[1]], [rise, height], [fall, height], [fall, y], [x, y]];
}
