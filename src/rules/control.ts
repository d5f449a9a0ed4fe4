/** A topic of `data/controls.json`: which paragraphs of which standards speak of a weakness. */
export interface Control {
  readonly topic: string;
  readonly title: string;
  readonly cwe: readonly string[];
  readonly nist80053: readonly string[];
  readonly hipaa: readonly string[];
  readonly iso27001: readonly string[];
  readonly iec62443: readonly string[];
  readonly mds2: readonly string[];
  readonly cis: readonly string[];
  readonly dicom: readonly string[];
}
