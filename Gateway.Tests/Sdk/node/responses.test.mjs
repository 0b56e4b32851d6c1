// The Responses API of OpenAI's own Node package against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { apiKey, baseURL, brokeKey, collect, endedCall, failure, unknownKey } from "./hub.mjs";

const client = (key = apiKey, maxRetries = 0) => new OpenAI({ apiKey: key, baseURL, maxRetries });
const create = (model, more = {}, key = apiKey) => client(key).responses.create({ model, input: "Hello", ...more });
const weather = {
  type: "function",
  name: "get_weather",
  strict: false,
  parameters: { type: "object", properties: { city: { type: "string" } } },
};

test("a response is made", async () => {
  const response = await create("gpt-4o-mini");
  assert.match(response.output_text, /^Hello/);
  assert.equal(response.usage.output_tokens, 8);
});

test("a streamed response ends with the whole of it", async () => {
  const events = await collect(await create("gpt-4o-mini", { stream: true }));
  assert.equal(events.at(-1).type, "response.completed");
  const text = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta);
  assert.match(text.join(""), /^Hello/);
});

test("tokens of the input are counted", async () => {
  const counted = await client().responses.inputTokens.count({ model: "gpt-4o-mini", input: "Hello" });
  assert.ok(counted.input_tokens > 0);
});

test("reasoning is an item of its own", async () => {
  const response = await create("sandbox-reasoning", { include: ["reasoning.encrypted_content"], reasoning: { effort: "low" } });
  assert.deepEqual(response.output.map((item) => item.type), ["reasoning", "message"]);
  assert.equal(response.usage.output_tokens_details.reasoning_tokens, 5);
});

test("a function is called and its output answered", async () => {
  const call = await create("gpt-4o-mini", { tools: [weather], tool_choice: "required" });
  const item = call.output.find((output) => output.type === "function_call");
  assert.deepEqual(JSON.parse(item.arguments), { city: "Bern", unit: "c" });
  const answer = await create("sandbox-tools", {
    tools: [weather],
    input: [{ role: "user", content: "Hello" }, item, { type: "function_call_output", call_id: item.call_id, output: "sunny" }],
  });
  assert.match(answer.output_text, /^Hello/);
});

test("an unknown key is an AuthenticationError", async () =>
  assert.ok((await failure(create("gpt-4o-mini", {}, unknownKey))) instanceof OpenAI.AuthenticationError));

test("the upstream's 429 is a RateLimitError", async () =>
  assert.ok((await failure(create("sandbox-status-429"))) instanceof OpenAI.RateLimitError));

test("the upstream's 500 is an InternalServerError", async () =>
  assert.ok((await failure(create("sandbox-status-500"))) instanceof OpenAI.InternalServerError));

test("money that is used up is a RateLimitError", async () => {
  const error = await failure(create("gpt-4o-mini", {}, brokeKey));
  assert.ok(error instanceof OpenAI.RateLimitError, `${error.constructor.name}: ${error.message}`);
  assert.equal(error.code, "insufficient_quota");
});

test("a failed stream shows its failure and breaks off", async () => {
  const events = [];
  const error = await failure(
    (async () => {
      for await (const event of await create("sandbox-error-event", { stream: true })) {
        events.push(event);
      }
    })(),
  );
  assert.ok(error instanceof Error);
  assert.equal(events.at(-1).type, "response.failed");
  assert.match(events.at(-1).response.error.message, /error while processing/);
});

test("abort ends the stream upstream", async () => {
  for await (const event of await create("sandbox-slow-chunks-50", { stream: true })) {
    if (event.type === "response.output_text.delta") {
      break;
    }
  }
  assert.equal((await endedCall("sandbox-slow-chunks-50")).outcome, "client_left");
});
