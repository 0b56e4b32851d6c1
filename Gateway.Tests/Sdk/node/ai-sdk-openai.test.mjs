// Vercel's AI SDK with its OpenAI provider against the running gateway: the Responses API, which is its default, and chat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
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

const provider = (key = apiKey, fetch = undefined) => createOpenAI({ apiKey: key, baseURL, fetch });
const weather = tool({
  description: "Tells the weather.",
  inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" }, unit: { type: "string" } }, required: ["city"] }),
  execute: async ({ city }) => `12 degrees in ${city}`,
});

for (const [api, of] of [
  ["responses", (hub, name) => hub(name)],
  ["chat", (hub, name) => hub.chat(name)],
]) {
  const ask = (name, more = {}, key = apiKey, fetch = undefined) =>
    generateText({ model: of(provider(key, fetch), name), prompt: "Hello", maxRetries: 0, ...more });

  test(`${api}: text is generated with its usage`, async () => {
    const { text, finishReason, usage } = await ask("gpt-4o-mini");
    assert.match(text, /^Hello/);
    assert.equal(finishReason, "stop");
    assert.equal(usage.outputTokens, 8);
  });

  test(`${api}: text is streamed with its usage`, async () => {
    const result = streamText({ model: of(provider(), "gpt-4o-mini"), prompt: "Hello" });
    const parts = await collect(result.textStream);
    assert.match(parts.join(""), /^Hello/);
    assert.ok(parts.length > 1);
    assert.equal((await result.usage).outputTokens, 8);
  });

  test(`${api}: a tool is called and its result goes back`, async () => {
    const { steps, text } = await ask("sandbox-tools", { tools: { get_weather: weather }, stopWhen: stepCountIs(2) });
    assert.equal(steps[0].toolResults[0].output, "12 degrees in Bern");
    assert.match(text, /^Hello/);
  });

  test(`${api}: a streamed tool call is put together`, async () => {
    const result = streamText({ model: of(provider(), "sandbox-tools"), prompt: "Weather in Bern?", tools: { get_weather: weather } });
    await result.consumeStream();
    assert.deepEqual((await result.toolCalls)[0].input, { city: "Bern", unit: "c" });
  });

  test(`${api}: an object has the schema that was asked for`, async () => {
    const schema = jsonSchema({
      type: "object",
      properties: { title: { type: "string" } },
      required: ["title"],
      additionalProperties: false,
    });
    const { output } = await ask("gpt-4o-mini", { output: Output.object({ schema }) });
    assert.equal(typeof output.title, "string");
  });

  test(`${api}: an unknown key is 401 and not retryable`, async () => {
    const error = await failure(ask("gpt-4o-mini", {}, unknownKey));
    assert.ok(APICallError.isInstance(error), String(error));
    assert.deepEqual([error.statusCode, error.data.error.code, error.isRetryable], [401, "invalid_api_key", false]);
  });

  test(`${api}: an unknown model is 404 with our sentence`, async () => {
    const error = await failure(ask("nope"));
    assert.deepEqual([error.statusCode, error.data.error.code], [404, "model_not_found"]);
    assert.match(error.message, /does not exist/);
  });

  test(`${api}: money that is used up never reaches the upstream`, async () => {
    const before = (await upstreamCalls("gpt-4o-mini")).length;
    const error = await failure(ask("gpt-4o-mini", {}, brokeKey));
    assert.deepEqual([error.statusCode, error.data.error.code], [429, "insufficient_quota"]);
    assert.equal((await upstreamCalls("gpt-4o-mini")).length, before);
  });

  test(`${api}: a call above the limit is tried again and passes`, async () => {
    const giveBack = await takePlace();
    const statuses = [];
    const fetch = watchedFetch(statuses, (status) => status === 429 && giveBack());
    const { finishReason } = await ask("gpt-4o-mini", { maxRetries: 2 }, limitedKey, fetch);
    assert.equal(finishReason, "stop");
    assert.deepEqual(statuses, [429, 200]);
  });

  test(`${api}: an error inside a stream reaches the reader`, async () => {
    const told = [];
    const result = streamText({ model: of(provider(), "sandbox-error-event"), prompt: "Hello", onError: ({ error }) => told.push(error) });
    await failure(async () => {
      await collect(result.fullStream);
      throw told[0];
    });
    assert.ok(told.length > 0);
  });

  test(`${api}: abort ends the stream upstream`, async () => {
    const leave = new AbortController();
    const model = of(provider(), "sandbox-trickle");
    const parts = streamText({ model, prompt: "Hello", abortSignal: leave.signal }).textStream[Symbol.asyncIterator]();
    assert.equal((await parts.next()).done, false);
    leave.abort();
    assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
  });
}

test("a passing fault is tried again", async () => {
  const model = "sandbox-status-503-retry-1";
  const before = (await upstreamCalls(model)).length;
  await failure(generateText({ model: provider()(model), prompt: "Hello", maxRetries: 1 }));
  assert.equal((await upstreamCalls(model)).length, before + 2);
});

test("texts are embedded", async () => {
  const { embeddings, usage } = await embedMany({ model: provider().embeddingModel("text-embedding-3-small"), values: ["one", "two"] });
  assert.equal(embeddings.length, 2);
  assert.ok(usage.tokens > 0);
});
