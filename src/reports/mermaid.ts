/** The deployment as a Mermaid flowchart: zones, services with their listeners, and the ways between them. */
import { isUnknown } from "../facts/unknown.ts";
import type { Report, ReportedDeployment, ReportedListener, ReportedService } from "../triage/report.ts";
import { drawingOf, protocolOf, serviceTitle, type Way, type Zone, zoneName } from "./drawing.ts";
import { harmless } from "./layout.ts";

/** One flowchart for all deployments of the report. Open ways are thick and red. */
export function renderMermaid(report: Report): string {
  const links: Link[] = [];
  const parts = report.deployments.flatMap((deployment, index) => {
    const chart = chartOf(deployment, report, `d${index + 1}`);
    links.push(...chart.links);
    return chart.nodes;
  });
  const open = links.flatMap(({ open }, index) => (open ? [index] : []));
  return [
    "flowchart LR",
    ...parts,
    ...links.map(({ text }) => `  ${text}`),
    ...(open.length === 0 ? [] : [`  linkStyle ${open.join(",")} stroke:#c00,stroke-width:3px`]),
    "",
  ].join("\n");
}

interface Link {
  readonly text: string;
  readonly open: boolean;
}

interface Chart {
  readonly nodes: readonly string[];
  readonly links: readonly Link[];
}

function chartOf(deployment: ReportedDeployment, report: Report, id: string): Chart {
  const { ways, networks } = drawingOf(deployment, report);
  const listeners = listenerIds(deployment, id);
  const zones = [...new Set(ways.map(({ zone }) => zone))];
  return {
    nodes: [
      ...zones.map((zone) => `  ${zoneId(id, zone)}((${quoted(zoneLabel(zone))}))`),
      `  subgraph ${id} [${quoted(deployment.id)}]`,
      ...deployment.services.flatMap((service, index) =>
        serviceNodes(service, `${id}s${index + 1}`, listeners),
      ),
      "  end",
      ...networks.map(({ network }, index) => `  ${id}n${index + 1}[/${quoted(`network ${network}`)}/]`),
    ],
    links: [
      ...waysToLinks(ways, deployment, listeners, id),
      ...networks.flatMap(({ services }, index) =>
        services.map((name) => ({
          text: `${id}n${index + 1} -.- ${serviceId(deployment, name, id)}`,
          open: false,
        })),
      ),
    ],
  };
}

function serviceId({ services }: ReportedDeployment, name: string, id: string): string {
  return `${id}s${services.findIndex((service) => service.name === name) + 1}`;
}

/** Ids that hold nothing of the configuration: names could be words of Mermaid. */
function listenerIds({ services }: ReportedDeployment, id: string): ReadonlyMap<string, string> {
  return new Map(
    services.flatMap((service, index) =>
      service.listeners.map((listener, number): [string, string] => [
        listener.id,
        `${id}s${index + 1}l${number + 1}`,
      ]),
    ),
  );
}

function serviceNodes(
  service: ReportedService,
  id: string,
  listeners: ReadonlyMap<string, string>,
): readonly string[] {
  const { value } = service.version;
  const title = `${serviceTitle(service)}${value === null ? "" : ` ${value}`}`;
  const on = service.listeners.filter(({ reach }) => reach !== "none");
  if (on.length === 0) return [`    ${id}[${quoted(title)}]`];
  return [
    `    subgraph ${id} [${quoted(title)}]`,
    ...on.map((listener) => `      ${listeners.get(listener.id) ?? id}[${quoted(socketText(listener))}]`),
    "    end",
  ];
}

function socketText(listener: ReportedListener): string {
  const { port } = listener;
  return `${protocolOf(listener)} ${isUnknown(port) ? "?" : String(port)}`;
}

/** From the zone to the listener; through a proxy from the proxy's own listener on. */
function waysToLinks(
  ways: readonly Way[],
  deployment: ReportedDeployment,
  listeners: ReadonlyMap<string, string>,
  id: string,
): readonly Link[] {
  return ways.flatMap((way): readonly Link[] => {
    const to = listeners.get(way.listener);
    if (to === undefined) return [];
    const from = startOf(way, deployment, listeners, id);
    const route = way.through === undefined ? [] : [way.through.route];
    const text = quoted(
      `${way.open ? "OPEN " : ""}${[way.address, ...way.kept.slice(1), ...route].join(", ")}`,
    );
    const arrow = way.open ? "==>" : way.zone === "internal" ? "-.->" : "-->";
    return [{ text: `${from} ${arrow}|${text}| ${to}`, open: way.open }];
  });
}

function startOf(
  { zone, through, address }: Way,
  { services }: ReportedDeployment,
  listeners: ReadonlyMap<string, string>,
  id: string,
): string {
  const proxy = services.find(({ name }) => name === through?.proxy);
  const port = /:(\d+)(?: |$)/u.exec(address)?.[1];
  const own = proxy?.listeners.find(({ entries }) => entries.some((entry) => String(entry.port) === port));
  return (own && listeners.get(own.id)) ?? zoneId(id, zone);
}

function zoneId(id: string, zone: Zone): string {
  return `${id}z_${zone}`;
}

function zoneLabel(zone: Zone): string {
  const name = zoneName[zone];
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** A label that Mermaid takes as it is, whatever the configuration wrote. */
function quoted(text: string): string {
  const safe = harmless(text.replace(/\s+/gu, " ")).replace(
    /[#"<>`&\\]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
  return `"${safe}"`;
}
