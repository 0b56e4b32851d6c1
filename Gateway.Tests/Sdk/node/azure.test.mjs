// OpenAI's own client for Azure: the model in the path, api-version in the query, the key in api-key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AzureOpenAI } from "openai";
import { apiKey, baseURL, collect, unknownKey } from "./hub.mjs";

const hello = [{ role: "user", content: "Hello" }];
const endpoint = new URL("/", baseURL).href.replace(/\/$/, "");

const client = (options = {}) => new AzureOpenAI({ endpoint, apiKey, apiVersion: "2024-10-21", maxRetries: 0, ...options });

test("chat is answered by the deployment of that name", async () => {
  const answer = await client().chat.completions.create({ model: "sandbox-chat", messages: hello });
  assert.match(answer.choices[0].message.content, /^Hello/);
});

test("a client that is bound to a deployment streams", async () => {
  const bound = client({ deployment: "sandbox-chat" });
  const chunks = await collect(await bound.chat.completions.create({ model: "", messages: hello, stream: true }));
  assert.match(chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? "").join(""), /^Hello/);
});

test("embeddings are answered by the deployment of that name", async () => {
  const answer = await client().embeddings.create({ model: "sandbox-embedding", input: "Hello" });
  assert.ok(answer.data[0].embedding.length > 0);
});

test("an unknown key of Azure's is an AuthenticationError", async () => {
  await assert.rejects(client({ apiKey: unknownKey }).chat.completions.create({ model: "sandbox-chat", messages: hello }), { status: 401 });
});
