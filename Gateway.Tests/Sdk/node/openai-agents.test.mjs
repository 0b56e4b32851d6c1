// OpenAI's Agents SDK against the running gateway: the Responses API, which is its default, and chat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from "@openai/agents";
import { z } from "zod";
import { apiKey, baseURL, brokeKey, collect, endedCall, failure, limitedKey, takePlace, unknownKey, upstreamCalls } from "./hub.mjs";

setTracingDisabled(true); // traces go to OpenAI, wherever the model stands

const weather = tool({
  name: "get_weather",
  description: "Tells the weather.",
  parameters: z.object({ city: z.string(), unit: z.string().nullable() }),
  execute: async ({ city }) => `12 degrees in ${city}`,
});

const agent = (model, more = {}) => new Agent({ name: "Helper", instructions: "Help.", model, ...more });

for (const useResponses of [true, false]) {
  const api = useResponses ? "responses" : "chat";
  const runner = (key = apiKey) => new Runner({ modelProvider: new OpenAIProvider({ apiKey: key, baseURL, useResponses }) });

  test(`${api}: an agent answers with its usage`, async () => {
    const result = await runner().run(agent("gpt-4o-mini"), "Hello");
    assert.match(result.finalOutput, /^Hello/);
    assert.equal(result.rawResponses[0].usage.outputTokens, 8);
  });

  test(`${api}: an agent streams its answer`, async () => {
    const result = await runner().run(agent("gpt-4o-mini"), "Hello", { stream: true });
    const parts = await collect(result.toTextStream());
    await result.completed;
    assert.match(parts.join(""), /^Hello/);
    assert.ok(parts.length > 1);
  });

  test(`${api}: an agent calls its tool and ends`, async () => {
    const result = await runner().run(agent("sandbox-tools", { tools: [weather] }), "Weather in Bern?");
    assert.match(result.finalOutput, /^Hello/);
    assert.ok(result.newItems.some((item) => item.type === "tool_call_output_item" && /^12 degrees in/.test(item.output)));
  });

  test(`${api}: an agent calls its tool and ends, streamed`, async () => {
    const result = await runner().run(agent("sandbox-tools", { tools: [weather] }), "Weather in Bern?", { stream: true });
    await result.completed;
    assert.match(result.finalOutput, /^Hello/);
  });

  test(`${api}: an answer has the type that was asked for`, async () => {
    const result = await runner().run(agent("gpt-4o-mini", { outputType: z.object({ title: z.string() }) }), "Plan it");
    assert.equal(typeof result.finalOutput.title, "string");
  });

  test(`${api}: an unknown key is 401`, async () =>
    assert.equal((await failure(runner(unknownKey).run(agent("gpt-4o-mini"), "Hello"))).status, 401));

  test(`${api}: an unknown model is 404`, async () => {
    const error = await failure(runner().run(agent("nope"), "Hello"));
    assert.equal(error.status, 404);
    assert.match(error.message, /does not exist/);
  });

  test(`${api}: money that is used up is told once`, async () => {
    const before = (await upstreamCalls("gpt-4o-mini")).length;
    const error = await failure(runner(brokeKey).run(agent("gpt-4o-mini"), "Hello"));
    assert.deepEqual([error.status, error.code], [429, "insufficient_quota"]);
    assert.equal((await upstreamCalls("gpt-4o-mini")).length, before);
  });

  test(`${api}: a call above the limit is tried again and passes`, async () => {
    const giveBack = await takePlace();
    setTimeout(giveBack, 200); // the SDK waits a second, as Retry-After says
    assert.match((await runner(limitedKey).run(agent("gpt-4o-mini"), "Hello")).finalOutput, /^Hello/);
  });

  test(`${api}: abort ends the stream upstream`, async () => {
    const leave = new AbortController();
    const result = await runner().run(agent("sandbox-trickle"), "Hello", { stream: true, signal: leave.signal });
    await failure(async () => {
      for await (const part of result.toTextStream()) {
        assert.notEqual(part, undefined);
        leave.abort();
      }
      await result.completed;
      throw new Error("left");
    });
    assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
  });
}
