// LangChain's Anthropic package against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { z } from "zod";
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

const anthropicApiUrl = baseURL.replace(/\/v1$/, "");
const chat = (model, more = {}, key = apiKey) => new ChatAnthropic({ model, apiKey: key, anthropicApiUrl, maxRetries: 0, ...more });

const weather = tool(async ({ city }) => `12 degrees in ${city}`, {
  name: "get_weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string(), unit: z.string().optional() }),
});

test("a message is answered with its usage", async () => {
  const message = await chat("claude-sonnet-4").invoke("Hello");
  assert.match(message.text, /^Hello/);
  assert.equal(message.usage_metadata.output_tokens, 8);
});

test("a streamed message is put together with its usage", async () => {
  const chunks = await collect(await chat("claude-sonnet-4").stream("Hello"));
  const message = chunks.reduce((all, chunk) => all.concat(chunk));
  assert.match(message.text, /^Hello/);
  assert.equal(message.usage_metadata.output_tokens, 9); // LangChain adds the 1 of message_start; the charge is for 8
});

test("a tool is called and its result answered", async () => {
  const bound = chat("sandbox-tools").bindTools([weather]);
  const asked = new HumanMessage("Weather in Bern?");
  const call = await bound.invoke([asked]);
  assert.equal(call.tool_calls[0].args.city, "Bern");
  const result = await weather.invoke(call.tool_calls[0]);
  assert.match((await bound.invoke([asked, call, result])).text, /^Hello/);
});

test("a streamed tool call is put together", async () => {
  const chunks = await collect(await chat("sandbox-tools").bindTools([weather]).stream("Weather in Bern?"));
  assert.deepEqual(chunks.reduce((all, chunk) => all.concat(chunk)).tool_calls[0].args, { city: "Bern", unit: "c" });
});

test("thinking is asked for and told apart from text", async () => {
  const thinking = { type: "enabled", budget_tokens: 1024 };
  const message = await chat("sandbox-reasoning", { thinking, maxTokens: 2048 }).invoke("Hello");
  assert.deepEqual(message.content.map((block) => block.type), ["thinking", "text"]);
});

test("an unknown key is MODEL_AUTHENTICATION", async () => {
  const error = await failure(chat("claude-sonnet-4", {}, unknownKey).invoke("Hello"));
  assert.deepEqual([error.status, error.lc_error_code], [401, "MODEL_AUTHENTICATION"]);
});

test("an unknown model is MODEL_NOT_FOUND", async () => {
  const error = await failure(chat("claude-nope").invoke("Hello"));
  assert.deepEqual([error.status, error.lc_error_code], [404, "MODEL_NOT_FOUND"]);
});

test("money that is used up is told and never reaches the upstream", async () => {
  const before = (await upstreamCalls("claude-sonnet-4")).length;
  const error = await failure(chat("claude-sonnet-4", {}, brokeKey).invoke("Hello"));
  assert.equal(error.status, 429);
  assert.match(error.message, /budget of this API key/);
  assert.equal((await upstreamCalls("claude-sonnet-4")).length, before);
});

test("a call above the limit is tried again and passes", async () => {
  const giveBack = await takePlace();
  const statuses = [];
  const fetch = watchedFetch(statuses, (status) => status === 429 && giveBack());
  const message = await chat("claude-sonnet-4", { maxRetries: 2, clientOptions: { fetch } }, limitedKey).invoke("Hello");
  assert.match(message.text, /^Hello/);
  assert.deepEqual(statuses, [429, 200]);
});

test("an error inside a stream is thrown", async () => {
  const error = await failure(async () => collect(await chat("sandbox-error-event").stream("Hello")));
  assert.match(error.message, /error while processing/);
});

test("abort ends the stream upstream", async () => {
  const leave = new AbortController();
  await failure(async () => {
    for await (const chunk of await chat("sandbox-trickle").stream("Hello", { signal: leave.signal })) {
      if (chunk.text !== "") {
        leave.abort();
      }
    }
  });
  assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
});
