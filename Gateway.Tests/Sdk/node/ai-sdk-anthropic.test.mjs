// Vercel's AI SDK with its Anthropic provider against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { APICallError, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import {
  apiKey,
  baseURL,
  brokeKey,
  collect,
  endedCall,
  failure,
  limitedKey,
  takePlace,
  unknownKey,
  upstreamCalls,
  watchedFetch,
} from "./hub.mjs";

const provider = (key = apiKey, fetch = undefined) => createAnthropic({ apiKey: key, baseURL, fetch });
const weather = tool({
  description: "Tells the weather.",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" }, unit: { type: "string" } }, required: ["city"] }),
  execute: async ({ city }) => `12 degrees in ${city}`,
});

const ask = (name, more = {}, key = apiKey, fetch = undefined) =>
  generateText({ model: provider(key, fetch)(name), prompt: "Hello", maxRetries: 0, ...more });

test("text is generated with its usage", async () => {
  const { text, finishReason, usage } = await ask("claude-sonnet-4");
  assert.match(text, /^Hello/);
  assert.equal(finishReason, "stop");
  assert.equal(usage.outputTokens, 8);
});

test("text is streamed with its usage", async () => {
  const result = streamText({ model: provider()("claude-sonnet-4"), prompt: "Hello" });
  assert.match((await collect(result.textStream)).join(""), /^Hello/);
  assert.equal((await result.usage).outputTokens, 8);
});

test("thinking is told apart from text", async () => {
  const providerOptions = { anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } } };
  const { text, reasoningText } = await ask("sandbox-reasoning", { providerOptions });
  assert.match(text, /^Hello/);
  assert.match(reasoningText, /greet/);
});

test("a tool is called and its result goes back", async () => {
  const { steps, text } = await ask("sandbox-tools", { tools: { get_weather: weather }, stopWhen: stepCountIs(2) });
  assert.equal(steps[0].toolResults[0].output, "12 degrees in Bern");
  assert.match(text, /^Hello/);
});

test("a streamed tool call is put together", async () => {
  const result = streamText({ model: provider()("sandbox-tools"), prompt: "Weather in Bern?", tools: { get_weather: weather } });
  await result.consumeStream();
  assert.deepEqual((await result.toolCalls)[0].input, { city: "Bern", unit: "c" });
});

test("an unknown key is 401 and not retryable", async () => {
  const error = await failure(ask("claude-sonnet-4", {}, unknownKey));
  assert.ok(APICallError.isInstance(error), String(error));
  assert.deepEqual([error.statusCode, error.data.error.type, error.isRetryable], [401, "authentication_error", false]);
});

test("an unknown model is 404 with our sentence", async () => {
  const error = await failure(ask("nope"));
  assert.deepEqual([error.statusCode, error.data.error.type], [404, "not_found_error"]);
  assert.match(error.message, /does not exist/);
});

test("money that is used up never reaches the upstream", async () => {
  const before = (await upstreamCalls("claude-sonnet-4")).length;
  const error = await failure(ask("claude-sonnet-4", {}, brokeKey));
  assert.deepEqual([error.statusCode, error.data.error.type], [429, "rate_limit_error"]);
  assert.match(error.message, /budget of this API key/);
  assert.equal((await upstreamCalls("claude-sonnet-4")).length, before);
});

test("a call above the limit is tried again and passes", async () => {
  const giveBack = await takePlace();
  const statuses = [];
  const fetch = watchedFetch(statuses, (status) => status === 429 && giveBack());
  const { finishReason } = await ask("claude-sonnet-4", { maxRetries: 2 }, limitedKey, fetch);
  assert.equal(finishReason, "stop");
  assert.deepEqual(statuses, [429, 200]);
});

test("an error inside a stream reaches the reader", async () => {
  const told = [];
  const result = streamText({ model: provider()("sandbox-error-event"), prompt: "Hello", onError: ({ error }) => told.push(error) });
  await failure(async () => {
    await collect(result.fullStream);
    throw told[0];
  });
  assert.match(JSON.stringify(told[0]?.message ?? told[0]), /error while processing/);
});

test("abort ends the stream upstream", async () => {
  const leave = new AbortController();
  const parts = streamText({ model: provider()("sandbox-trickle"), prompt: "Hello", abortSignal: leave.signal });
  const reader = parts.textStream[Symbol.asyncIterator]();
  assert.equal((await reader.next()).done, false);
  leave.abort();
  assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
});
