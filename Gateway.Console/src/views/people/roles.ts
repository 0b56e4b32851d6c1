export const roles = ["customer", "enterprise", "support", "admin"] as const;
export type Role = (typeof roles)[number];
