// The Node SDKs at a limit of the gateway's own: they wait as they are told, and do not try again where that is in vain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";
import OpenAI from "openai";
import { baseURL, brokeKey, limitedKey, takePlace, tokensKey, upstreamCalls, watchedFetch } from "./hub.mjs";

const hello = [{ role: "user", content: "Hello" }];

const client = (apiKey, maxRetries, fetch) => new OpenAI({ apiKey, baseURL, maxRetries, fetch });

test("a call above the limit is tried again after the wait and passes", async () => {
  const giveBack = await takePlace();
  const statuses = [];
  let refusedAt;
  const fetch = watchedFetch(statuses, (status) => {
    if (status === 429) {
      refusedAt ??= Date.now();
      giveBack();
    }
  });
  const answer = await client(limitedKey, 2, fetch).chat.completions.create({ model: "sandbox-chat", messages: hello });
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.deepEqual(statuses, [429, 200]);
  assert.ok(Date.now() - refusedAt >= 990, "Retry-After: 1 was waited for");
});

test("a rate limit without retries is a RateLimitError that says how long to wait", async () => {
  const giveBack = await takePlace();
  try {
    await client(limitedKey, 0).chat.completions.create({ model: "sandbox-chat", messages: hello });
    assert.fail("The call did not fail.");
  } catch (error) {
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
    assert.equal(error.code, "rate_limit_exceeded");
    assert.equal(error.headers.get("retry-after"), "1");
    assert.equal(error.error.gateway.window, "max_concurrent");
  } finally {
    giveBack();
  }
});

test("the first hello is answered under a limit below the model's longest answer", async () => {
  const statuses = [];
  const fetch = watchedFetch(statuses);
  const answer = await client(tokensKey, 0, fetch).chat.completions.create({ model: "gpt-4o", messages: hello });
  assert.equal(answer.choices[0].finish_reason, "stop");
  const hub = createOpenAICompatible({ name: "hub", apiKey: tokensKey, baseURL, fetch });
  assert.equal((await generateText({ model: hub("gpt-4o"), messages: hello, maxRetries: 0 })).finishReason, "stop");
  assert.deepEqual(statuses, [200, 200]);
});

test("money that is used up is not tried again", async () => {
  const statuses = [];
  try {
    await client(brokeKey, 5, watchedFetch(statuses)).chat.completions.create({ model: "sandbox-crlf", messages: hello });
    assert.fail("The call did not fail.");
  } catch (error) {
    assert.ok(error instanceof OpenAI.RateLimitError, String(error));
    assert.equal(error.code, "insufficient_quota");
    assert.equal(error.type, "insufficient_quota");
    assert.equal(error.error.gateway.scope, "api_key");
  }
  assert.deepEqual(statuses, [429]);
  assert.equal((await upstreamCalls("sandbox-crlf")).length, 0);
});

test("the AI SDK tries a call above the limit again and passes", async () => {
  const giveBack = await takePlace();
  const statuses = [];
  const fetch = watchedFetch(statuses, (status) => status === 429 && giveBack());
  const hub = createOpenAICompatible({ name: "hub", apiKey: limitedKey, baseURL, fetch });
  const { finishReason } = await generateText({ model: hub("sandbox-chat"), messages: hello, maxRetries: 2 });
  assert.equal(finishReason, "stop");
  assert.deepEqual(statuses, [429, 200]);
});
