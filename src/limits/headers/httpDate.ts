const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const imfFixdate = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const rfc850 = /^[A-Z][a-z]{5,8}, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const asctime = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/**
 * Epoch ms of an HTTP date in one of the three forms of RFC 9110 section 5.6.7; undefined for anything else.
 * @param now for the century of a two-digit year
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const fixed = imfFixdate.exec(text);
  if (fixed) return utc(Number(fixed[3]), fixed[2], fixed[1], fixed.slice(4, 7));
  const old = rfc850.exec(text);
  if (old) return utc(fullYear(Number(old[3]), now), old[2], old[1], old.slice(4, 7));
  const c = asctime.exec(text);
  if (c) return utc(Number(c[6]), c[1], c[2], c.slice(3, 6));
  return undefined;
}

/** RFC 9110: a year that seems more than 50 years ahead is in the past century. */
function fullYear(twoDigits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + twoDigits;
  return year > thisYear + 50 ? year - 100 : year;
}

function utc(
  year: number,
  monthName: string | undefined,
  dayText: string | undefined,
  time: readonly string[],
): number | undefined {
  const month = months.indexOf(monthName ?? '');
  const day = Number(dayText);
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  if (month < 0 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  // `Date` turns 31 Feb into a day in March.
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hours, minutes, seconds);
}
