// The streams of chats as the browser clients of both chat products read them.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { EventSource } from "eventsource";
import { adminEmail, adminPassword, baseURL } from "./hub.mjs";

const api = baseURL.replace(/\/v1$/, "/api/v1");
const headers = { "content-type": "application/json" };

const post = async (path, body) => (await fetch(api + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
const newChat = async (model) => (await post("/chats", { model_used: model })).id;
const messagesOf = async (chat) => (await (await fetch(`${api}/chats/${chat}`, { headers })).json()).messages;

before(async () => {
  const answer = await post("/auth/login", { email: adminEmail, password: adminPassword });
  headers.authorization = `Bearer ${answer.access_token}`;
});

/** Reads named events until one says that it is the last, or the source fails. */
const named = (chat, message) =>
  new Promise((resolve) => {
    const events = [];
    const source = new EventSource(`${api}/stream/chat/${chat}?message=${encodeURIComponent(message)}`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
    });
    const end = (failure) => {
      source.close();
      resolve({ events, failure });
    };
    source.addEventListener("message", ({ data }) => {
      events.push(JSON.parse(data));
      if (events.at(-1).type === "complete") {
        end();
      }
    });
    source.addEventListener("error", (event) => end(event.data ? JSON.parse(event.data) : event));
  });

/** Reads events without names as the simple client does: every network chunk by itself, split at line feeds. */
const typed = async (chat, content) => {
  const answer = await fetch(`${api}/llm/chat/${chat}/message/stream`, { method: "POST", headers, body: JSON.stringify({ content }) });
  const events = [];
  const decoder = new TextDecoder();
  for await (const chunk of answer.body) {
    for (const line of decoder.decode(chunk, { stream: true }).split("\n")) {
      if (line.startsWith("data: ")) {
        events.push(JSON.parse(line.slice("data: ".length)));
      }
    }
  }
  return events;
};

test("an EventSource reads an answer word by word and finds it stored", async () => {
  const chat = await newChat("sandbox-chat");
  const { events, failure } = await named(chat, "Привет, hello & goodbye");
  assert.equal(failure, undefined);
  const last = events.pop();
  assert.ok(events.length > 1 && events.every((event) => event.type === "token"));
  assert.equal(events.map((event) => event.content).join(""), last.content);
  const [question, answer] = await messagesOf(chat);
  assert.equal(question.content, "Привет, hello & goodbye");
  assert.deepEqual([answer.id, answer.content, answer.cost], [last.message_id, last.content, last.cost]);
});

test("an EventSource is told of a stream that breaks", async () => {
  const { events, failure } = await named(await newChat("sandbox-error-event"), "Hello");
  assert.ok(events.length > 0);
  assert.deepEqual(failure, { error: "Upstream error", code: "upstream_error" });
});

test("a reader that parses each network chunk by itself reads a slow answer", async () => {
  const chat = await newChat("sandbox-slow-chunks-50");
  const events = await typed(chat, "Hello");
  assert.deepEqual([events.at(0).type, events.at(-1).type], ["start", "end"]);
  const said = events.slice(1, -1);
  assert.ok(said.every((event) => event.type === "content"));
  const [, answer] = await messagesOf(chat);
  assert.deepEqual([answer.id, answer.content], [events.at(-1).message_id, said.map((event) => event.content).join("")]);
});

test("a reader that parses each network chunk by itself reads an answer that comes at once", async () => {
  const chat = await newChat("sandbox-chat");
  const events = await typed(chat, "Hello");
  const [, answer] = await messagesOf(chat);
  assert.equal(answer.content, events.filter((event) => event.type === "content").map((event) => event.content).join(""));
});

test("a reader that parses each network chunk by itself is told of a stream that breaks", async () => {
  const events = await typed(await newChat("sandbox-drop-mid-stream"), "Hello");
  assert.deepEqual([events.at(-1).type, events.at(-1).error], ["error", "Upstream error"]);
});
