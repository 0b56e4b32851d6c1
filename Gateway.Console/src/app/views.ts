// Every view: where it is, what it is called, who is shown it. Who may read what a view shows is decided by the API.
import {
  IconActivity,
  IconBell,
  IconBook2,
  IconBroadcast,
  IconBuildingStore,
  IconCash,
  IconChartBar,
  IconCpu,
  IconGauge,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconMessage,
  IconMessages,
  IconReceipt,
  IconRefresh,
  IconRocket,
  IconRoute,
  IconSettings,
  IconStairs,
  IconUserCircle,
  IconUsers,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { User } from "../api/types";
import type { TextKey } from "../i18n/i18n";
import { isAdmin, isStaff } from "../session/session";

export interface View {
  path: string;
  title: TextKey;
  group: "operate" | "yours";
  icon: TablerIcon;
  isFor: (user: User) => boolean;
  load: () => Promise<{ default: ComponentType }>;
}

const everybody = () => true;

export const views: View[] = [
  { path: "overview", title: "nav.home", group: "operate", icon: IconHome, isFor: isStaff, load: () => import("../views/Overview") },
  { path: "usage", title: "nav.usage", group: "operate", icon: IconChartBar, isFor: isStaff, load: () => import("../views/Usage") },
  { path: "calls", title: "nav.calls", group: "operate", icon: IconListDetails, isFor: isStaff, load: () => import("../views/Calls") },
  { path: "live", title: "nav.live", group: "operate", icon: IconBroadcast, isFor: isStaff, load: () => import("../views/Live") },
  { path: "limits", title: "nav.limits", group: "operate", icon: IconGauge, isFor: isStaff, load: () => import("../views/Limits") },
  { path: "users", title: "nav.users", group: "operate", icon: IconUsers, isFor: isStaff, load: () => import("../views/Users") },
  { path: "payments", title: "nav.payments", group: "operate", icon: IconCash, isFor: isStaff, load: () => import("../views/Payments") },
  { path: "tiers", title: "nav.tiers", group: "operate", icon: IconStairs, isFor: isAdmin, load: () => import("../views/Tiers") },
  { path: "teams", title: "nav.teams", group: "operate", icon: IconUsersGroup, isFor: isAdmin, load: () => import("../views/Teams") },
  { path: "models", title: "nav.models", group: "operate", icon: IconCpu, isFor: isAdmin, load: () => import("../views/Models") },
  { path: "upstreams", title: "nav.upstreams", group: "operate", icon: IconRoute, isFor: isAdmin, load: () => import("../views/Upstreams") },
  { path: "sync", title: "nav.sync", group: "operate", icon: IconRefresh, isFor: isAdmin, load: () => import("../views/Sync") },
  { path: "events", title: "nav.events", group: "operate", icon: IconBell, isFor: isAdmin, load: () => import("../views/Events") },
  { path: "audit", title: "nav.audit", group: "operate", icon: IconHistory, isFor: isAdmin, load: () => import("../views/Audit") },
  { path: "ledger", title: "nav.ledger", group: "operate", icon: IconBook2, isFor: isAdmin, load: () => import("../views/Ledger") },
  { path: "settings", title: "nav.settings", group: "operate", icon: IconSettings, isFor: isAdmin, load: () => import("../views/Settings") },
  { path: "setup", title: "nav.setup", group: "operate", icon: IconBuildingStore, isFor: isAdmin, load: () => import("../views/Setup") },
  { path: "me", title: "nav.own", group: "yours", icon: IconUserCircle, isFor: everybody, load: () => import("../views/OwnOverview") },
  { path: "keys", title: "nav.keys", group: "yours", icon: IconKey, isFor: everybody, load: () => import("../views/Keys") },
  { path: "my-calls", title: "nav.ownCalls", group: "yours", icon: IconActivity, isFor: everybody, load: () => import("../views/OwnCalls") },
  { path: "bills", title: "nav.bills", group: "yours", icon: IconReceipt, isFor: everybody, load: () => import("../views/Bills") },
  { path: "chats", title: "nav.chats", group: "yours", icon: IconMessages, isFor: everybody, load: () => import("../views/Chats") },
  { path: "playground", title: "nav.playground", group: "yours", icon: IconMessage, isFor: everybody, load: () => import("../views/Playground") },
  { path: "quick-start", title: "nav.quick", group: "yours", icon: IconRocket, isFor: everybody, load: () => import("../views/QuickStart") },
];

export const viewsFor = (user: User) => views.filter((view) => view.isFor(user));
export const homeOf = (user: User) => (isStaff(user) ? "/console/overview" : "/console/me");
