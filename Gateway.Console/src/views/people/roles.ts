import type { I18n } from "../../i18n/i18n";

export const roles = ["customer", "enterprise", "support", "admin"] as const;
export type Role = (typeof roles)[number];

/** A role in the page's language. */
export function roleWord(role: string, t: I18n["t"]): string {
  const known = roles.find((name) => name === role);
  return known ? t(`users.role.${known}`) : role;
}
