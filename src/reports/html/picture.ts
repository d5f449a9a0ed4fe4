/** The deployment as a picture, and the same in words: who gets in from where, and how each way is kept. */
import type { Report, ReportedDeployment } from "../../triage/report.ts";
import { type Drawing, drawingOf, serviceTitle, type Way, type Zone, zoneName } from "../drawing.ts";
import { groupBy } from "../group.ts";
import { type Box, type Line, layOut, type Picture, width, type ZoneNode } from "./layout.ts";
import { anchor, type Html, html } from "./markup.ts";

/** With more deployments the pictures start folded. */
const manyDeployments = 3;

/** Fleets: the others are in words only. */
const mostPictures = 25;

/** One picture for each deployment. */
export function pictureSection(report: Report): Html | undefined {
  if (report.deployments.length === 0) return undefined;
  const byDeployment = groupBy(report.attackPaths, ({ deployment }) => deployment);
  const figures = report.deployments.map((deployment, index) => {
    const attackPaths = byDeployment.get(deployment.id) ?? [];
    return figure(
      deployment,
      drawingOf(deployment, { ...report, attackPaths }),
      index,
      report.deployments.length,
    );
  });
  return html`<section id="picture" aria-labelledby="picture-title"><h2 id="picture-title">Who gets where</h2>
<p class="legend"><span class="key open">open to strangers</span> <span class="key kept">kept by a login, a certificate or the network</span> <span class="key near">from inside only</span></p>
${figures}</section>`;
}

const formNames: Readonly<Record<ReportedDeployment["form"], string>> = {
  compose: "Host with containers",
  kubernetes: "Cluster",
  commands: "started by the commands of a script",
  image: "Image",
  host: "Server",
  unlinked: "Server",
};

function figure(deployment: ReportedDeployment, drawing: Drawing, index: number, all: number): Html {
  const id = anchor("d", deployment.id);
  const drawn = index < mostPictures && drawing.ways.length > 0;
  const body = html`${drawn && svg(deployment, layOut(deployment, drawing), index)}${inWords(deployment, drawing, !drawn)}`;
  if (all === 1) return html`<figure class="picture" id="${id}">${body}</figure>`;
  return html`<details class="list" id="${id}"${all <= manyDeployments && html` open`}><summary><b>${deployment.id}</b></summary><figure class="picture">${body}</figure></details>`;
}

function svg(deployment: ReportedDeployment, picture: Picture, index: number): Html {
  const { frame, height, zones, boxes, lines, silent } = picture;
  const open = lines.filter((line) => line.open).length;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Picture of ${deployment.id}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="picture-${index}-title picture-${index}-text">
<title id="picture-${index}-title">Who gets where in ${deployment.id}</title>
<desc id="picture-${index}-text">${boxes.length} servers, ${lines.length} ways, ${open} of them open to strangers. The list below says the same in words.</desc>
<defs>${arrow(`arrow-${index}`, "kept")}${arrow(`arrow-open-${index}`, "open")}</defs>
<rect class="host" x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" rx="10"/>
<text class="host-name" x="${frame.x + 14}" y="${frame.y + 20}">${formNames[deployment.form]}</text>
${lines.map((line) => lineOf(line, index))}${zones.map(zoneOf)}${boxes.map(boxOf)}
</svg></div>${silent.length > 0 && html`<p class="note">Without a port that anybody reaches: ${silent.join(", ")}.</p>`}`;
}

function arrow(id: string, name: string): Html {
  return html`<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip ${name}" d="M0 0L8 4L0 8z"/></marker>`;
}

function lineOf({ points, curved, open, inside }: Line, index: number): Html {
  const name = open ? "open" : inside ? "near" : "kept";
  return html`<path class="way ${name}" d="${curved ? curve(points) : corners(points)}" marker-end="url(#arrow${open ? "-open" : ""}-${index})"/>`;
}

function curve([from, to]: Line["points"]): string {
  if (from === undefined || to === undefined) return "";
  const bend = Math.max(30, Math.abs(to[0] - from[0]) / 2);
  return `M${from[0]} ${from[1]}C${from[0] + bend} ${from[1]} ${to[0] - bend} ${to[1]} ${to[0]} ${to[1]}`;
}

const radius = 7;

/** A line with rounded corners. */
function corners(points: Line["points"]): string {
  const [first] = points;
  if (first === undefined) return "";
  const parts = points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index] ?? first;
    const next = points[index + 2];
    if (next === undefined) return `L${x} ${y}`;
    const before = towards([x, y], [fromX, fromY]);
    const after = towards([x, y], next);
    return `L${before[0]} ${before[1]}Q${x} ${y} ${after[0]} ${after[1]}`;
  });
  return `M${first[0]} ${first[1]}${parts.join("")}`;
}

function towards(
  [x, y]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): readonly [number, number] {
  const distance = Math.hypot(toX - x, toY - y) || 1;
  const part = Math.min(radius, distance / 2) / distance;
  return [x + (toX - x) * part, y + (toY - y) * part];
}

/** The names of the zones in few words. */
const shortNames: Readonly<Record<Zone, string>> = {
  internet: "Internet",
  network: "Hospital network",
  internal: "Other containers",
  host: "This host itself",
  unknown: "Not known",
};

function zoneOf({ zone, x, y, width, height }: ZoneNode): Html {
  return html`<g class="zone ${zone}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="22"/><text x="${x + width / 2}" y="${y + height / 2 + 5}" text-anchor="middle">${shortNames[zone]}</text></g>`;
}

function boxOf({ title, version, container, x, y, width, height, rows, more }: Box): Html {
  const room = Math.floor((width - 40) / 6.6);
  const head = html`<text class="name" x="${x + 14}" y="${y + 22}">${cut(title, Math.floor(room * 0.75))}</text><text class="version" x="${x + width - 12}" y="${y + 22}" text-anchor="end">${cut(version, 14)}</text>`;
  const body = rows.map(
    (row) =>
      html`<g class="${row.open ? "row open" : "row"}"><circle cx="${x + 14}" cy="${row.y + 14}" r="4"/><text x="${x + 26}" y="${row.y + 18}">${cut(row.title, room)}</text><text class="kept" x="${x + 26}" y="${row.y + 33}">${row.open ? "Open: " : ""}${cut(row.text, room)}</text></g>`,
  );
  return html`<g class="${container ? "box container" : "box"}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>${head}${body}${more > 0 && html`<text class="kept" x="${x + 26}" y="${y + height - 8}">and ${more} more</text>`}</g>`;
}

function cut(text: string, room: number): string {
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, Math.max(1, room - 1)).join("")}…`;
}

function inWords(deployment: ReportedDeployment, { ways, networks }: Drawing, open: boolean): Html {
  const titles = new Map(deployment.services.map((service) => [service.name, serviceTitle(service)]));
  const groups = [...groupBy(ways, ({ zone }) => zone)].map(
    ([zone, ofZone]) =>
      html`<h3>From: ${zoneName[zone]}</h3><ul>${ofZone.map((way) => html`<li>${wayText(way, titles)}</li>`)}</ul>`,
  );
  const neighbours = networks.map(
    ({ network, services }) => html`<li><b>${network}</b>: ${services.join(", ")}</li>`,
  );
  return html`<details class="list words"${open && html` open`}><summary>The same in words</summary>${ways.length === 0 && html`<p>No port that anybody reaches was found.</p>`}${groups}${neighbours.length > 0 && html`<h3>Networks whose services reach each other on every port</h3><ul>${neighbours}</ul>`}</details>`;
}

function wayText({ address, service, through, kept, open }: Way, titles: ReadonlyMap<string, string>): Html {
  const over =
    through === undefined ? "" : ` through ${[through.proxy, through.route].filter(Boolean).join(", ")}`;
  return html`<code>${address}</code>${over} to ${titles.get(service) ?? service}: ${kept.join(", ")}${open && html`. <b class="critical">Open to strangers</b>`}`;
}
