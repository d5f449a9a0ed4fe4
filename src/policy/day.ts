/** Days as suppressions name them: 2027-01-31, in UTC, so that every machine ends them at the same moment. */

/** Whether there is such a day. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && dayOf(date) === text;
}

/** The day on which a moment lies. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
