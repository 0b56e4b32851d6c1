// Who is signed in. The access token lives in this module's memory and nowhere else; what outlives the page is the refresh token, in a
// cookie that no script can read. The API decides what a caller may do: the role here only chooses what is shown.
import { useSyncExternalStore } from "react";
import { ApiFailure, failureOf } from "../api/failure";
import type { User } from "../api/types";
import { isBack } from "./returned";

export type SessionState =
  | { kind: "starting" }
  | { kind: "out"; reason: "none" | "ended" }
  | { kind: "in"; user: User };

interface Answer {
  token: string;
  expires_in: number;
  user: User;
}

const path = "/api/v1/auth/session";
// Not a credential: says that a cookie may be there, so that a first visit asks for nothing.
const mark = "hub.signed-in";
const earlyMs = 30_000;

let state: SessionState = { kind: "starting" };
let token: { text: string; endsAt: number } | null = null;
let refreshing: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function become(next: SessionState) {
  state = next;
  listeners.forEach((tell) => tell());
}

function take(answer: Answer) {
  token = { text: answer.token, endsAt: Date.now() + answer.expires_in * 1000 };
  localStorage.setItem(mark, "1");
  become({ kind: "in", user: answer.user });
}

function leave(reason: "none" | "ended") {
  token = null;
  localStorage.removeItem(mark);
  become({ kind: "out", reason });
}

function ask(method: string, suffix: string, body?: object): Promise<Response> {
  return fetch(path + suffix, {
    method,
    credentials: "same-origin",
    headers: { "X-Requested-With": "console", ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

// Tabs share the cookie, and each refresh spends it: one tab at a time.
async function alone(work: () => Promise<Response>): Promise<Response> {
  return "locks" in navigator ? navigator.locks.request("hub.refresh", work) : work();
}

async function refreshOnce(): Promise<boolean> {
  let response: Response;
  try {
    response = await alone(() => ask("POST", "/refresh"));
  } catch {
    return false; // no network: the session may still be good
  }
  if (response.ok) {
    take((await response.json()) as Answer);
    return true;
  }
  if (response.status === 401 || response.status === 403) leave(localStorage.getItem(mark) === null ? "none" : "ended");
  return false;
}

/** Gets a new access token; callers at the same time share one request. */
export function refresh(): Promise<boolean> {
  refreshing ??= refreshOnce().finally(() => (refreshing = null));
  return refreshing;
}

/** The access token, renewed shortly before its end; null when nobody is signed in. */
export async function accessToken(): Promise<string | null> {
  if (token && Date.now() > token.endsAt - earlyMs) await refresh();
  return token?.text ?? null;
}

/** Takes up the session that the browser's cookie has, if any. */
export async function start(): Promise<void> {
  if (localStorage.getItem(mark) === null && !isBack) {
    become({ kind: "out", reason: "none" });
    return;
  }
  if (!(await refresh()) && state.kind === "starting") become({ kind: "out", reason: "none" });
}

/** Signs in; throws {@link ApiFailure} with the API's own words. */
export async function signIn(email: string, password: string): Promise<void> {
  let response: Response;
  try {
    response = await ask("POST", "", { email, password });
  } catch {
    throw ApiFailure.unreachable();
  }
  if (!response.ok) throw await failureOf(response);
  take((await response.json()) as Answer);
}

export async function signOut(): Promise<void> {
  try {
    await ask("DELETE", "");
  } finally {
    leave("none");
  }
}

/** The caller's own account has changed. */
export function replaceUser(user: User) {
  if (state.kind === "in") become({ kind: "in", user });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

/** The user of a view that is only shown to somebody who signed in. */
export function useUser(): User {
  const session = useSession();
  if (session.kind !== "in") throw new Error("This view is shown to signed-in users only.");
  return session.user;
}

export const isStaff = (user: User) => user.role === "admin" || user.role === "support";
export const isAdmin = (user: User) => user.role === "admin";
