// What every test here needs: where the gateway is, its keys, and the upstream's own book of what it gave out.
const setting = (name) => {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set; these tests are run by NodeSdkTests.cs`);
  }
  return value;
};

export const baseURL = setting("HUB_BASE_URL");
export const apiKey = setting("HUB_API_KEY");
export const restrictedKey = setting("HUB_RESTRICTED_KEY"); // may use sandbox-chat only
export const limitedKey = setting("HUB_LIMITED_KEY"); // one call in flight at a time
export const brokeKey = setting("HUB_BROKE_KEY"); // its budget is used up
export const tokensKey = setting("HUB_TOKENS_KEY"); // 10,000 tokens a minute
export const realtimeURL = setting("HUB_REALTIME_URL"); // over TLS, which the SDK insists on; with OpenAI as its upstream
export const realtimeKey = setting("HUB_REALTIME_KEY");
export const realtimeBudgetKey = setting("HUB_REALTIME_BUDGET_KEY");
export const adminEmail = setting("HUB_ADMIN_EMAIL");
export const adminPassword = setting("HUB_ADMIN_PASSWORD");
export const unknownKey = `sk-hub-${"a".repeat(16)}-${"a".repeat(43)}`;

const upstream = setting("HUB_UPSTREAM_URL");
const upstreamKey = setting("HUB_UPSTREAM_KEY");

/** The upstream's calls for one model, oldest first. */
export async function upstreamCalls(model) {
  const answer = await fetch(new URL(`/sandbox/ledger?model=${model}`, upstream), { headers: { authorization: `Bearer ${upstreamKey}` } });
  return (await answer.json()).entries;
}

/** The last call for a model, once it has ended. */
export async function endedCall(model) {
  for (const until = Date.now() + 15_000; ; ) {
    const call = (await upstreamCalls(model)).at(-1);
    if (call && call.outcome !== "open") {
      return call;
    }
    if (Date.now() > until) {
      throw new Error(`The call for ${model} did not end upstream.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function collect(stream) {
  const all = [];
  for await (const part of stream) {
    all.push(part);
  }
  return all;
}

/** A fetch that notes the statuses it got, and tells of each. */
export const watchedFetch = (statuses, onStatus = () => {}) => async (...request) => {
  const answer = await fetch(...request);
  statuses.push(answer.status);
  onStatus(answer.status);
  return answer;
};

/** Takes the one place in flight of the limited key, once the call before has left it; the function gives it back. */
export async function takePlace() {
  for (const until = Date.now() + 10_000; ; ) {
    const leave = new AbortController();
    const answer = await fetch(`${baseURL}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${limitedKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "sandbox-trickle", messages: [{ role: "user", content: "Hello" }], stream: true }),
      signal: leave.signal,
    });
    if (answer.status === 200) {
      return () => leave.abort();
    }
    if (Date.now() > until) {
      throw new Error(`The place was not free: ${answer.status} ${await answer.text()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The error that a call ends with. */
export async function failure(call) {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    return error;
  }
  throw new Error("The call did not fail.");
}
