// LangChain's OpenAI package against the running gateway: chats, the Responses API, embeddings.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import {
  apiKey,
  baseURL,
  brokeKey,
  collect,
  endedCall,
  failure,
  limitedKey,
  restrictedKey,
  takePlace,
  unknownKey,
  upstreamCalls,
  watchedFetch,
} from "./hub.mjs";

const chat = (model, more = {}, key = apiKey) =>
  new ChatOpenAI({ model, apiKey: key, maxRetries: 0, ...more, configuration: { baseURL, ...more.configuration } });

const weather = tool(async ({ city }) => `12 degrees in ${city}`, {
  name: "get_weather",
  description: "Tells the weather.",
  schema: z.object({ city: z.string(), unit: z.string().optional() }),
});

for (const useResponsesApi of [false, true]) {
  const api = useResponsesApi ? "the Responses API" : "chat";
  const model = (name, more, key) => chat(name, { useResponsesApi, ...more }, key);

  test(`${api}: a message is answered with its usage`, async () => {
    const message = await model("gpt-4o-mini").invoke("Hello");
    assert.match(message.text, /^Hello/);
    assert.equal(message.usage_metadata.output_tokens, 8);
  });

  test(`${api}: a streamed message is put together with its usage`, async () => {
    const chunks = await collect(await model("gpt-4o-mini").stream("Hello"));
    const message = chunks.reduce((all, chunk) => all.concat(chunk));
    assert.match(message.text, /^Hello/);
    assert.equal(message.usage_metadata.output_tokens, 8);
    assert.ok(chunks.filter((chunk) => chunk.text !== "").length > 1);
  });

  test(`${api}: a tool is called and its result answered`, async () => {
    const bound = model("sandbox-tools").bindTools([weather]);
    const asked = new HumanMessage("Weather in Bern?");
    const call = await bound.invoke([asked]);
    assert.equal(call.tool_calls[0].args.city, "Bern");
    const result = await weather.invoke(call.tool_calls[0]);
    assert.ok(result instanceof ToolMessage);
    assert.match((await bound.invoke([asked, call, result])).text, /^Hello/);
  });

  test(`${api}: a streamed tool call is put together`, async () => {
    const chunks = await collect(await model("sandbox-tools").bindTools([weather]).stream("Weather in Bern?"));
    assert.deepEqual(chunks.reduce((all, chunk) => all.concat(chunk)).tool_calls[0].args, { city: "Bern", unit: "c" });
  });

  test(`${api}: an answer has the schema that was asked for`, async () => {
    const plan = await model("gpt-4o-mini").withStructuredOutput(z.object({ title: z.string(), steps: z.array(z.string()) })).invoke("Plan it");
    assert.equal(typeof plan.title, "string");
    assert.ok(plan.steps.length > 0);
  });

  test(`${api}: an unknown key is MODEL_AUTHENTICATION`, async () => {
    const error = await failure(model("gpt-4o-mini", {}, unknownKey).invoke("Hello"));
    assert.deepEqual([error.status, error.lc_error_code], [401, "MODEL_AUTHENTICATION"]);
  });

  test(`${api}: an unknown model is MODEL_NOT_FOUND`, async () => {
    const error = await failure(model("nope").invoke("Hello"));
    assert.deepEqual([error.status, error.lc_error_code], [404, "MODEL_NOT_FOUND"]);
    assert.match(error.message, /does not exist/);
  });

  test(`${api}: money that is used up is not tried again`, async () => {
    const statuses = [];
    const fetch = watchedFetch(statuses);
    const error = await failure(model("gpt-4o-mini", { maxRetries: 3, configuration: { fetch } }, brokeKey).invoke("Hello"));
    assert.match(`${error.name} ${error.code} ${error.message}`, /insufficient.?quota/i);
    assert.deepEqual(statuses, [429]);
  });

  test(`${api}: a call above the limit is tried again and passes`, async () => {
    const giveBack = await takePlace();
    const statuses = [];
    const fetch = watchedFetch(statuses, (status) => status === 429 && giveBack());
    const message = await model("gpt-4o-mini", { maxRetries: 2, configuration: { fetch } }, limitedKey).invoke("Hello");
    assert.match(message.text, /^Hello/);
    assert.deepEqual(statuses, [429, 200]);
  });

  test(`${api}: an error inside a stream is thrown`, async () => {
    const error = await failure(async () => collect(await model("sandbox-error-event").stream("Hello")));
    assert.match(String(error.message), /error while processing|terminated|Premature|aborted/i);
  });

  test(`${api}: abort ends the stream upstream`, async () => {
    const leave = new AbortController();
    await failure(async () => {
      for await (const chunk of await model("sandbox-trickle").stream("Hello", { signal: leave.signal })) {
        if (chunk.text !== "") {
          leave.abort();
        }
      }
    });
    assert.equal((await endedCall("sandbox-trickle")).outcome, "client_left");
  });
}

test("a model that the key may not use is 403", async () =>
  assert.equal((await failure(chat("sandbox-tools", {}, restrictedKey).invoke("Hello"))).status, 403));

test("a wrong request is not tried again", async () => {
  const before = (await upstreamCalls("sandbox-status-400")).length;
  assert.equal((await failure(chat("sandbox-status-400", { maxRetries: 3 }).invoke("Hello"))).status, 400);
  assert.equal((await upstreamCalls("sandbox-status-400")).length, before + 1);
});

test("a text is completed", async () => {
  const model = new OpenAI({ model: "gpt-3.5-turbo-instruct-of-nobody", apiKey, maxRetries: 0, configuration: { baseURL } });
  assert.equal((await failure(model.invoke("Hello"))).status, 404);
  const known = new OpenAI({ model: "sandbox-chat", apiKey, maxRetries: 0, configuration: { baseURL } });
  assert.match(await known.invoke("Hello"), /^Hello/);
});

test("documents and a query are embedded", async () => {
  const embeddings = new OpenAIEmbeddings({ model: "text-embedding-3-small", apiKey, maxRetries: 0, configuration: { baseURL } });
  const vectors = await embeddings.embedDocuments(["one", "two"]);
  assert.equal(vectors.length, 2);
  assert.ok((await embeddings.embedQuery("three")).length > 0);
});
