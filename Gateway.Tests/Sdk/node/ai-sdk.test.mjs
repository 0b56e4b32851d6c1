// Vercel's AI SDK against the running gateway, as an OpenAI-compatible provider.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateText, jsonSchema, RetryError, stepCountIs, streamText, tool } from "ai";
import { apiKey, baseURL, collect, endedCall, restrictedKey, unknownKey, upstreamCalls } from "./hub.mjs";

const provider = (key = apiKey) => createOpenAICompatible({ name: "hub", apiKey: key, baseURL, includeUsage: true });
const weather = tool({
  description: "Tells the weather.",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" }, unit: { type: "string" } }, required: ["city"] }),
  execute: async ({ city }) => `12 degrees in ${city}`,
});

const failedText = async (model, key, maxRetries = 0) => {
  try {
    await generateText({ model: provider(key)(model), prompt: "Hello", maxRetries });
  } catch (error) {
    return error;
  }
  return assert.fail("The call did not fail.");
};

function assertError(error, status, code) {
  assert.ok(APICallError.isInstance(error), String(error));
  assert.equal(error.statusCode, status);
  assert.match(error.responseHeaders["x-request-id"], /^[0-9a-f-]{36}$/);
  if (code !== undefined) {
    assert.equal(error.data.error.code, code);
  }
}

test("text is generated with its usage", async () => {
  const { text, finishReason, usage, response } = await generateText({ model: provider()("sandbox-usage-1000-500"), prompt: "Hello" });
  assert.match(text, /^Hello/);
  assert.equal(finishReason, "stop");
  assert.equal(usage.inputTokens, 1000);
  assert.equal(usage.outputTokens, 500);
  assert.match(response.headers["x-request-id"], /^[0-9a-f-]{36}$/);
});

test("text is streamed with its usage", async () => {
  const result = streamText({ model: provider()("sandbox-usage-1000-500"), prompt: "Hello" });
  assert.match((await collect(result.textStream)).join(""), /^Hello/);
  assert.equal((await result.usage).inputTokens, 1000);
  assert.equal((await result.usage).outputTokens, 500);
  assert.equal(await result.finishReason, "stop");
});

test("reasoning is told apart from text", async () => {
  const { text, reasoningText, usage } = await generateText({ model: provider()("sandbox-reasoning"), prompt: "Hello" });
  assert.match(text, /^Hello/);
  assert.match(reasoningText, /greet/);
  assert.ok(usage.outputTokenDetails.reasoningTokens > 0);
});

test("a tool is called and its result goes back", async () => {
  const { steps } = await generateText({ model: provider()("sandbox-tools"), prompt: "Weather in Bern?", tools: { get_weather: weather }, stopWhen: stepCountIs(2) });
  assert.equal(steps[0].toolCalls[0].input.city, "Bern");
  assert.equal(steps[0].toolResults[0].output, "12 degrees in Bern");
  assert.equal(steps.length, 2);
});

test("a streamed tool call is put together by the SDK", async () => {
  const result = streamText({ model: provider()("sandbox-tools"), prompt: "Weather in Bern?", tools: { get_weather: weather } });
  await result.consumeStream();
  assert.deepEqual((await result.toolCalls)[0].input, { city: "Bern", unit: "c" });
});

test("embeddings are answered", async () => {
  const { embeddings, usage } = await embedMany({ model: provider().embeddingModel("sandbox-embedding"), values: ["one", "two"] });
  assert.equal(embeddings.length, 2);
  assert.ok(embeddings.every((vector) => vector.length > 0));
  assert.ok(usage.tokens > 0);
});

// An endless stream proves it without a clock: who waits for its end gets nothing.
test("a part is there while the upstream still speaks, and abort ends it upstream", async () => {
  const leave = new AbortController();
  const parts = streamText({ model: provider()("sandbox-endless"), prompt: "Hello", abortSignal: leave.signal }).textStream[Symbol.asyncIterator]();
  assert.equal((await parts.next()).done, false);
  assert.equal((await upstreamCalls("sandbox-endless")).at(-1).outcome, "open");
  leave.abort();
  assert.equal((await endedCall("sandbox-endless")).outcome, "client_left");
});

test("an unknown key is 401", async () => {
  assertError(await failedText("sandbox-chat", unknownKey), 401, "invalid_api_key");
});

test("a model that the key may not use is 403", async () => {
  assertError(await failedText("sandbox-tools", restrictedKey), 403, "model_not_allowed");
});

test("an unknown model is 404 with our sentence", async () => {
  const error = await failedText("sandbox-nobody");
  assertError(error, 404, "model_not_found");
  assert.match(error.message, /does not exist/);
  assert.equal(error.isRetryable, false);
});

test("the upstream's 400 is not retryable", async () => {
  const error = await failedText("sandbox-status-400");
  assertError(error, 400);
  assert.equal(error.isRetryable, false);
});

test("the upstream's 429 and 500 are retryable", async () => {
  for (const [model, status] of [["sandbox-status-429", 429], ["sandbox-status-500", 500]]) {
    const error = await failedText(model);
    assertError(error, status);
    assert.equal(error.isRetryable, true);
  }
});

test("a passing fault is tried again", async () => {
  const before = (await upstreamCalls("sandbox-status-503-retry-1")).length;
  const error = await failedText("sandbox-status-503-retry-1", apiKey, 1);
  assert.ok(RetryError.isInstance(error), String(error));
  assert.equal((await upstreamCalls("sandbox-status-503-retry-1")).length, before + 2);
});

// The error is told as a part; then the body breaks off, as it must for readers that know no error events, and the SDK throws at its end.
test("an error inside a stream reaches the reader", async () => {
  const result = streamText({ model: provider()("sandbox-error-event"), prompt: "Hello", onError: () => {} });
  const parts = [];
  const read = async () => {
    for await (const part of result.fullStream) {
      parts.push(part);
    }
  };
  await assert.rejects(read);
  const told = parts.filter((part) => part.type === "error").map((part) => String(part.error.message ?? part.error));
  assert.ok(told.some((text) => text.includes("The server had an error")), JSON.stringify(parts));
});
