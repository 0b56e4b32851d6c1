// Every view: where it is, what it is called, who is shown it. Who may read what a view shows is decided by the API.
import {
  IconActivity,
  IconBell,
  IconChartBar,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconMessage,
  IconRocket,
  IconUserCircle,
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
  { path: "events", title: "nav.events", group: "operate", icon: IconBell, isFor: isAdmin, load: () => import("../views/Events") },
  { path: "audit", title: "nav.audit", group: "operate", icon: IconHistory, isFor: isAdmin, load: () => import("../views/Audit") },
  { path: "me", title: "nav.own", group: "yours", icon: IconUserCircle, isFor: everybody, load: () => import("../views/OwnOverview") },
  { path: "keys", title: "nav.keys", group: "yours", icon: IconKey, isFor: everybody, load: () => import("../views/Keys") },
  { path: "my-calls", title: "nav.ownCalls", group: "yours", icon: IconActivity, isFor: everybody, load: () => import("../views/OwnCalls") },
  { path: "playground", title: "nav.playground", group: "yours", icon: IconMessage, isFor: everybody, load: () => import("../views/Playground") },
  { path: "quick-start", title: "nav.quick", group: "yours", icon: IconRocket, isFor: everybody, load: () => import("../views/QuickStart") },
];

export const viewsFor = (user: User) => views.filter((view) => view.isFor(user));
export const homeOf = (user: User) => (isStaff(user) ? "/console/overview" : "/console/me");
