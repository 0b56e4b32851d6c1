// Anthropic's own Node package against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { apiKey, baseURL, brokeKey, collect, endedCall, failure, limitedKey, restrictedKey, unknownKey } from "./hub.mjs";

const messages = [{ role: "user", content: "Hello" }];
const weather = { name: "get_weather", input_schema: { type: "object", properties: { city: { type: "string" } } } };

const client = (key = apiKey, maxRetries = 0) =>
  new Anthropic({ apiKey: key, authToken: null, baseURL: baseURL.replace(/\/v1$/, ""), maxRetries });

const create = (model, more = {}, key = apiKey) => client(key).messages.create({ model, max_tokens: 100, messages, ...more });

function assertError(error, Class, status, type) {
  assert.ok(error instanceof Class, `${error.constructor.name}: ${error.message}`);
  assert.equal(error.status, status);
  assert.equal(error.error.type, "error");
  assert.equal(error.error.error.type, type);
  assert.match(error.requestID, /^[0-9a-f-]{36}$/);
}

test("a message is answered", async () => {
  const message = await create("claude-sonnet-4");
  assert.match(message.content[0].text, /^Hello/);
  assert.equal(message.stop_reason, "end_turn");
  assert.match(message._request_id, /^[0-9a-f-]{36}$/);
});

test("a message is answered with a bearer token", async () => {
  const bearer = new Anthropic({ apiKey: null, authToken: apiKey, baseURL: baseURL.replace(/\/v1$/, "") });
  assert.equal((await bearer.messages.create({ model: "claude-sonnet-4", max_tokens: 100, messages })).role, "assistant");
});

test("a streamed message is put together by the SDK", async () => {
  const stream = client().messages.stream({ model: "claude-sonnet-4", max_tokens: 100, messages });
  const message = await stream.finalMessage();
  assert.match(message.content[0].text, /^Hello/);
  assert.equal(message.usage.output_tokens, 8);
});

test("thinking is a block of its own, streamed too", async () => {
  const plain = await create("sandbox-reasoning");
  const streamed = await client().messages.stream({ model: "sandbox-reasoning", max_tokens: 100, messages }).finalMessage();
  for (const message of [plain, streamed]) {
    assert.deepEqual(message.content.map((block) => block.type), ["thinking", "text"]);
  }
});

test("a tool is called and its result answered", async () => {
  const call = await create("claude-sonnet-4", { tools: [weather], tool_choice: { type: "any" } });
  const use = call.content.find((block) => block.type === "tool_use");
  assert.equal(use.name, "get_weather");
  assert.equal(use.input.city, "Bern");
  const answer = await create("sandbox-tools", {
    tools: [weather],
    messages: [
      ...messages,
      { role: "assistant", content: call.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "sunny" }] },
    ],
  });
  assert.equal(answer.content[0].type, "text");
});

test("a streamed tool call is put together by the SDK", async () => {
  const message = await client().messages.stream({ model: "sandbox-tools", max_tokens: 100, messages, tools: [weather] }).finalMessage();
  assert.deepEqual(message.content[0].input, { city: "Bern", unit: "c" });
  assert.equal(message.stop_reason, "tool_use");
});

test("tokens are counted", async () => {
  assert.ok((await client().messages.countTokens({ model: "claude-sonnet-4", messages })).input_tokens > 0);
});

test("models are listed page by page", async () => {
  const ids = [];
  for await (const model of client().models.list({ limit: 7 })) {
    ids.push(model.id);
  }
  assert.ok(ids.includes("claude-sonnet-4"));
  assert.equal(new Set(ids).size, ids.length);
  assert.equal((await client().models.retrieve("claude-sonnet-4")).type, "model");
});

test("an unknown key is an AuthenticationError", async () =>
  assertError(await failure(create("claude-sonnet-4", {}, unknownKey)), Anthropic.AuthenticationError, 401, "authentication_error"));

test("a model that the key may not use is a PermissionDeniedError", async () =>
  assertError(await failure(create("claude-sonnet-4", {}, restrictedKey)), Anthropic.PermissionDeniedError, 403, "permission_error"));

test("an unknown model is a NotFoundError", async () =>
  assertError(await failure(create("nope")), Anthropic.NotFoundError, 404, "not_found_error"));

test("the upstream's 400 is a BadRequestError", async () =>
  assertError(await failure(create("sandbox-status-400")), Anthropic.BadRequestError, 400, "invalid_request_error"));

test("the upstream's 429 is a RateLimitError", async () =>
  assertError(await failure(create("sandbox-status-429")), Anthropic.RateLimitError, 429, "rate_limit_error"));

test("the upstream's 500 is an InternalServerError", async () =>
  assertError(await failure(create("sandbox-status-500")), Anthropic.InternalServerError, 500, "api_error"));

test("money that is used up is a RateLimitError that is not tried again", async () => {
  const error = await failure(client(brokeKey, 3).messages.create({ model: "claude-sonnet-4", max_tokens: 100, messages }));
  assertError(error, Anthropic.RateLimitError, 429, "rate_limit_error");
  assert.equal(error.error.error.gateway.code, "insufficient_quota");
});

test("an error within a stream is thrown", async () => {
  const error = await failure(
    (async () => collect(await create("sandbox-error-event", { stream: true })))(),
  );
  assert.ok(error instanceof Anthropic.APIError, `${error.constructor.name}: ${error.message}`);
  assert.match(error.message, /error while processing/);
});

test("abort ends the stream upstream", async () => {
  const stream = await create("sandbox-trickle", { stream: true, max_tokens: 1000 });
  for await (const event of stream) {
    if (event.type === "content_block_delta") {
      break;
    }
  }
  assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
});

test("a limit on calls in flight frees the place when the answer ends", async () => {
  assert.equal((await create("claude-sonnet-4", {}, limitedKey)).type, "message");
  assert.equal((await create("claude-sonnet-4", {}, limitedKey)).type, "message");
});
