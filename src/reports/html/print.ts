/** The report on paper: always light, everything unfolded, no page break where it would tear something apart. */
export const printStyle = `
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #525d69; } }
@media print {
  :root {
    color-scheme: light;
    --paper: #ffffff; --sheet: #f6f7f9; --ink: #000000; --soft: #454f5a; --rule: #c4cad1; --link: #000000;
    --critical: #96104a; --high: #a8320a; --medium: #7a5600; --low: #1a6180; --info: #454f5a;
    --good: #1c6b3a; --good-sheet: #eaf5ee; --bad-sheet: #fbecee; --open-sheet: #fbf4e2;
    --hit: #fff3d1; --hit-line: #c28a00; --related: #e8edf3; --better: #eaf5ee; --danger: #c0182b;
  }
  html { font-size: 8.8pt; line-height: 1.42; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, .layout, footer { max-width: none; padding: 0; }
  .layout { display: block; }
  nav, .filter, .skip, footer, .words > summary, .more { display: none; }
  .finding > summary { padding: 0.4rem 0.8rem; } .body { padding: 0.6rem 0.8rem 0.1rem; }
  p, ul, ol, dl, pre, figure { margin-bottom: 0.55rem; }
  .code, .frame pre { line-height: 1.4; }
  details::details-content { content-visibility: visible; block-size: auto; display: block; }
  details > summary { list-style: none; }
  h1, h2, h3, h4, summary, figcaption, .finding > summary { break-after: avoid; }
  #about, .finding, .rule, .verdict, .counts, .profile, .path, .frame, .rows li, .facts > div, .controls, .rule .lead, .sign, tr, .picture svg { break-inside: avoid; }
  .rows > li { font-size: 0.86rem; padding: 0.3rem 0; }
  p, li { orphans: 3; widows: 3; }
  main > section { margin-bottom: 1.6rem; }
  #findings, #passed { break-before: page; }
  .finding[hidden] { display: block; }
  .picture svg { min-width: 0; max-height: 230mm; }
  .scroll { overflow: visible; }
  a { text-decoration: none; }
  .links a { text-decoration: underline; }
}
`;
