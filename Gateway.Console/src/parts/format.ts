// Figures, money and times as people read them, in the language of the page.
import { useMemo } from "react";
import { useI18n } from "../i18n/i18n";

export function useFormat() {
  const { language } = useI18n();
  return useMemo(() => {
    const whole = new Intl.NumberFormat(language);
    const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
    const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
    const usd = (fraction: number) =>
      new Intl.NumberFormat(language, {
        style: "currency",
        currency: "USD",
        currencyDisplay: "narrowSymbol",
        minimumFractionDigits: 2,
        maximumFractionDigits: fraction,
      });
    const [cents, fine, finest] = [usd(2), usd(6), usd(12)];
    const unit = (name: string) => new Intl.NumberFormat(language, { style: "unit", unit: name, maximumFractionDigits: 2 });
    const [milliseconds, seconds] = [unit("millisecond"), unit("second")];
    const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
    const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
    const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
    const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
    return {
      whole: (value: number) => whole.format(value),
      short: (value: number) => short.format(value),
      percent: (value: number) => percent.format(value),
      /** USD: cents for large amounts, down to a millionth for small ones. */
      usd: (value: number) => (Math.abs(value) >= 1 || value === 0 ? cents : fine).format(value),
      /** USD with all its digits. */
      usdExact: (value: number) => finest.format(value),
      moment: (iso: string) => moment.format(new Date(iso)),
      day: (date: string) => day.format(new Date(date)),
      shortDay: (date: string) => shortDay.format(new Date(date)),
      clock: (iso: string) => clock.format(new Date(iso)),
      ms: (value: number) => (value < 1000 ? milliseconds.format(Math.round(value)) : seconds.format(value / 1000)),
    };
  }, [language]);
}
