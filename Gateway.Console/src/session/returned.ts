// What a sign-in at an identity provider came back with. Read before anything else looks at the address, and taken out of it.
const away = "hub.signing-in";
const parameter = "sign_in_error";

const query = new URLSearchParams(location.search);
const code = query.get(parameter);
if (code !== null) {
  query.delete(parameter);
  history.replaceState(history.state, "", `${location.pathname}${query.size > 0 ? `?${query}` : ""}`);
}

/** Why it failed, as the gateway names it; null: it did not. */
export const signInError = code !== null && /^[a-z_]{1,40}$/.test(code) ? code : null;

/** Whether this page was left for a provider's and opens again without a failure. */
export const isBack = code === null && sessionStorage.getItem(away) !== null;
sessionStorage.removeItem(away);

/** Says that the browser goes to a provider's page now. */
export function leaveForProvider() {
  sessionStorage.setItem(away, "1");
}
