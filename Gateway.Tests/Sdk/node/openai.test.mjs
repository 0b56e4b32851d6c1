// OpenAI's own Node package against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { apiKey, baseURL, collect, endedCall, restrictedKey, unknownKey, upstreamCalls } from "./hub.mjs";

const hello = [{ role: "user", content: "Hello" }];
const weather = {
  type: "function",
  function: { name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

const client = (key = apiKey, maxRetries = 0) => new OpenAI({ apiKey: key, baseURL, maxRetries });

/** The error that a call ends with. */
const failure = async (call) => {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return assert.fail("The call did not fail.");
};

const failedChat = (model, key) => failure(client(key).chat.completions.create({ model, messages: hello }));

function assertError(error, Class, status, code, text) {
  assert.ok(error instanceof Class, `${error.constructor.name}: ${error.message}`);
  assert.equal(error.status, status);
  assert.match(error.message, text);
  assert.match(error.requestID, /^[0-9a-f-]{36}$/);
  assert.equal(error.headers.get("x-oneui-request-id"), error.requestID);
  if (code !== undefined) {
    assert.equal(error.code, code);
  }
}

test("chat is answered", async () => {
  const answer = await client().chat.completions.create({ model: "sandbox-chat", messages: hello });
  assert.match(answer.choices[0].message.content, /^Hello/);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  assert.match(answer._request_id, /^[0-9a-f-]{36}$/);
});

test("a plain answer says what it cost", async () => {
  const { response } = await client().chat.completions.create({ model: "sandbox-usage-1000-500", messages: hello }).withResponse();
  assert.equal(response.headers.get("x-oneui-cost-usd"), "0.0075");
});

test("a stream is read to its end", async () => {
  const chunks = await collect(await client().chat.completions.create({ model: "sandbox-chat", messages: hello, stream: true }));
  assert.match(chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join(""), /^Hello/);
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
});

test("a stream without include_usage shows no usage", async () => {
  const chunks = await collect(await client().chat.completions.create({ model: "sandbox-chat", messages: hello, stream: true }));
  assert.ok(chunks.every((chunk) => chunk.usage == null && chunk.choices.length === 1));
});

test("a stream with include_usage ends with the usage", async () => {
  const chunks = await collect(
    await client().chat.completions.create({ model: "sandbox-usage-1000-500", messages: hello, stream: true, stream_options: { include_usage: true } }),
  );
  assert.deepEqual(chunks.at(-1).choices, []);
  assert.equal(chunks.at(-1).usage.prompt_tokens, 1000);
  assert.equal(chunks.at(-1).usage.completion_tokens, 500);
});

// An endless stream proves it without a clock: who waits for its end gets nothing.
test("a chunk is there while the upstream still speaks, and abort ends it upstream", async () => {
  const stream = await client().chat.completions.create({ model: "sandbox-endless", messages: hello, stream: true });
  const chunks = stream[Symbol.asyncIterator]();
  assert.equal((await chunks.next()).done, false);
  assert.equal((await upstreamCalls("sandbox-endless")).at(-1).outcome, "open");
  stream.controller.abort();
  assert.equal((await endedCall("sandbox-endless")).outcome, "client_left");
});

test("a tool call can be answered", async () => {
  const messages = [{ role: "user", content: "Weather in Bern?" }];
  const asked = await client().chat.completions.create({ model: "sandbox-tools", messages, tools: [weather] });
  const [call] = asked.choices[0].message.tool_calls;
  assert.equal(asked.choices[0].finish_reason, "tool_calls");
  assert.equal(call.function.name, "get_weather");
  assert.equal(JSON.parse(call.function.arguments).city, "Bern");
  messages.push(asked.choices[0].message, { role: "tool", tool_call_id: call.id, content: "12 degrees" });
  const told = await client().chat.completions.create({ model: "sandbox-tools", messages });
  assert.equal(told.choices[0].finish_reason, "stop");
});

test("a streamed tool call is put together by the SDK", async () => {
  const final = await client().chat.completions.stream({ model: "sandbox-tools", messages: hello, tools: [weather] }).finalChatCompletion();
  assert.deepEqual(JSON.parse(final.choices[0].message.tool_calls[0].function.arguments), { city: "Bern", unit: "c" });
});

const recipe = z.object({
  title: z.string(),
  servings: z.number().int(),
  difficulty: z.enum(["easy", "hard"]),
  author: z.object({ name: z.string(), email: z.string().email().nullable() }),
  steps: z.array(z.object({ text: z.string(), minutes: z.number().nullable() })),
  notes: z.union([z.string(), z.number()]),
});

test("a first parse gets an object of its schema", async () => {
  const answer = await client().chat.completions.parse({
    model: "gpt-4o-mini",
    messages: hello,
    response_format: zodResponseFormat(recipe, "recipe"),
  });
  const { parsed } = answer.choices[0].message;
  assert.deepEqual(recipe.parse(parsed), parsed);
  assert.ok(parsed.steps.length > 0);
});

test("a streamed parse gets the same object", async () => {
  const asked = { model: "gpt-4o-mini", messages: hello, response_format: zodResponseFormat(recipe, "recipe") };
  const whole = await client().chat.completions.parse(asked);
  const streamed = await client().chat.completions.stream(asked).finalChatCompletion();
  assert.deepEqual(streamed.choices[0].message.parsed, whole.choices[0].message.parsed);
});

test("a schema that holds itself is answered", async () => {
  const tree = z.object({ name: z.string(), get children() { return z.array(tree); } });
  const answer = await client().chat.completions.parse({ model: "gpt-4o-mini", messages: hello, response_format: zodResponseFormat(tree, "tree") });
  tree.parse(answer.choices[0].message.parsed);
});

test("JSON mode answers JSON", async () => {
  const answer = await client().chat.completions.create({ model: "gpt-4o-mini", messages: hello, response_format: { type: "json_object" } });
  assert.equal(typeof JSON.parse(answer.choices[0].message.content), "object");
});

// The arguments fit the tool, and after its result comes an answer: the loop ends by itself.
const agent = (stream) => {
  const seen = [];
  const lookUp = zodFunction({
    name: "look_up",
    parameters: z.object({ term: z.string(), limit: z.number().int() }),
    function: (asked) => {
      seen.push(asked);
      return "found";
    },
  });
  const runner = client().chat.completions.runTools({ model: "sandbox-tools", messages: [...hello], tools: [lookUp], ...(stream ? { stream } : {}) }, { maxChatCompletions: 5 });
  return { runner, seen };
};

for (const stream of [false, true]) {
  test(`a first agent ends after its tool's result${stream ? ", streamed" : ""}`, async () => {
    const { runner, seen } = agent(stream);
    assert.match(await runner.finalContent(), /^Hello/);
    assert.deepEqual(seen.map((asked) => Object.keys(asked)), [["term", "limit"]]);
  });
}

test("a tool that is named is the one called, and none is none", async () => {
  const other = { type: "function", function: { name: "other", parameters: { type: "object", properties: { id: { type: "string", format: "uuid" } }, required: ["id"] } } };
  const asked = { model: "gpt-4o-mini", messages: hello, tools: [weather, other] };
  const named = await client().chat.completions.create({ ...asked, tool_choice: { type: "function", function: { name: "other" } } });
  assert.equal(named.choices[0].message.tool_calls[0].function.name, "other");
  assert.match(JSON.parse(named.choices[0].message.tool_calls[0].function.arguments).id, /^[0-9a-f-]{36}$/);
  const none = await client().chat.completions.create({ ...asked, model: "sandbox-tools", tool_choice: "none" });
  assert.equal(none.choices[0].message.tool_calls, undefined);
});

test("text completions are answered and streamed", async () => {
  const whole = await client().completions.create({ model: "sandbox-chat", prompt: "Hello" });
  const chunks = await collect(await client().completions.create({ model: "sandbox-chat", prompt: "Hello", stream: true }));
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? "").join(""), whole.choices[0].text);
});

test("embeddings are answered", async () => {
  const answer = await client().embeddings.create({ model: "sandbox-embedding", input: ["one", "two"] });
  assert.deepEqual(answer.data.map((row) => row.index), [0, 1]);
  assert.ok(answer.data.every((row) => row.embedding.length > 0 && row.embedding.every(Number.isFinite)));
  assert.ok(answer.usage.prompt_tokens > 0);
});

test("models are listed", async () => {
  const models = await collect(client().models.list());
  assert.ok(models.some((model) => model.id === "sandbox-chat" && model.object === "model"));
});

test("a model is found by its name, also by one with a slash", async () => {
  for (const name of ["sandbox-chat", "openai/gpt-4o"]) {
    assert.equal((await client().models.retrieve(name)).id, name);
  }
});

test("an unknown key is an AuthenticationError", async () => {
  assertError(await failedChat("sandbox-chat", unknownKey), OpenAI.AuthenticationError, 401, "invalid_api_key", /Incorrect API key/);
});

test("a model that the key may not use is a PermissionDeniedError", async () => {
  assertError(await failedChat("sandbox-tools", restrictedKey), OpenAI.PermissionDeniedError, 403, "model_not_allowed", /may not use the model `sandbox-tools`/);
});

test("an unknown model is a NotFoundError", async () => {
  const error = await failedChat("sandbox-nobody");
  assertError(error, OpenAI.NotFoundError, 404, "model_not_found", /does not exist/);
  assert.equal(error.param, "model");
  assert.equal(error.type, "invalid_request_error");
  assert.equal(error.error.gateway.request_id, error.requestID);
});

test("an unknown path is a NotFoundError", async () => {
  assertError(await failure(client().post("/nothing", { body: {} })), OpenAI.NotFoundError, 404, "unknown_url", /POST \/v1\/nothing/);
});

test("a steering member is a BadRequestError", async () => {
  const error = await failure(client().chat.completions.create({ model: "sandbox-chat", messages: hello, mock_response: "x" }));
  assertError(error, OpenAI.BadRequestError, 400, "unsupported_member", /mock_response/);
});

test("the upstream's 400 is a BadRequestError with the provider's sentence", async () => {
  const error = await failedChat("sandbox-status-400");
  assertError(error, OpenAI.BadRequestError, 400, undefined, /Invalid value for 'temperature': 9\.$/);
  assert.equal(error.param, "temperature");
});

test("the upstream's 422 is an UnprocessableEntityError", async () => {
  assertError(await failedChat("sandbox-status-422"), OpenAI.UnprocessableEntityError, 422, undefined, /Unprocessable\.$/);
});

test("the upstream's 429 is a RateLimitError and tells how long to wait", async () => {
  assertError(await failedChat("sandbox-status-429"), OpenAI.RateLimitError, 429, undefined, /Rate limit reached/);
  assert.equal((await failedChat("sandbox-status-429-retry-7")).headers.get("retry-after"), "7");
});

test("the upstream's 500 is an InternalServerError", async () => {
  assertError(await failedChat("sandbox-status-500"), OpenAI.InternalServerError, 500, undefined, /The server had an error/);
});

test("a credential that the upstream refuses is an InternalServerError, not the caller's fault", async () => {
  assertError(await failedChat("sandbox-status-401"), OpenAI.InternalServerError, 502, "upstream_refused", /operator/);
});

test("an error inside a stream is thrown", async () => {
  const stream = await client().chat.completions.create({ model: "sandbox-error-event", messages: hello, stream: true });
  const error = await failure(collect(stream));
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.match(error.message, /The server had an error/);
});

test("a stream that breaks is thrown, not taken for the end", async () => {
  const stream = await client().chat.completions.create({ model: "sandbox-drop-mid-stream", messages: hello, stream: true });
  const error = await failure(collect(stream));
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.equal(error.code, "upstream_truncated");
});

test("a passing fault is tried again, a wrong request is not", async () => {
  const chat = client(apiKey, 1).chat.completions;
  await failure(chat.create({ model: "sandbox-status-504", messages: hello }));
  await failure(chat.create({ model: "sandbox-status-404", messages: hello }));
  assert.equal((await upstreamCalls("sandbox-status-504")).length, 2);
  assert.equal((await upstreamCalls("sandbox-status-404")).length, 1);
});
