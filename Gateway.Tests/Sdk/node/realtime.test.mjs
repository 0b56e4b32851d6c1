// Realtime sessions of OpenAI's own Node package against the running gateway: the class for Node, and the one for browsers.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { WebSocket } from "ws";
import { realtimeBudgetKey, realtimeKey, realtimeURL, unknownKey } from "./hub.mjs";

globalThis.WebSocket ??= WebSocket; // Node 20 has none of its own

const model = "gpt-realtime";
const open = (Session, apiKey = realtimeKey) =>
  new Session({ model, dangerouslyAllowBrowser: true }, new OpenAI({ apiKey, baseURL: realtimeURL, dangerouslyAllowBrowser: true }));

/** The events of a session up to one of a type, after what was said when it began. */
const until = (session, type, said = []) =>
  new Promise((resolve, reject) => {
    const events = [];
    session.on("event", (event) => {
      events.push(event);
      if (event.type === "session.created") {
        said.forEach((event) => session.send(event));
      }
      if (event.type === type) {
        resolve(events);
      }
    });
    session.on("error", reject);
  });

const hello = [
  { type: "session.update", session: { type: "realtime", model, output_modalities: ["audio"] } },
  { type: "conversation.item.create", item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] } },
  { type: "response.create" },
];

for (const [name, Session] of [["Node", OpenAIRealtimeWS], ["browsers", OpenAIRealtimeWebSocket]]) {
  test(`the class for ${name}: a response is made and tells its usage`, async () => {
    const session = open(Session);
    const events = await until(session, "response.done", hello);
    session.close();
    assert.equal(events.at(-1).response.usage.output_tokens, 24);
    assert.ok(events.some((event) => event.type === "response.output_audio.delta"));
  });

  test(`the class for ${name}: an event without a type is an error, and the session goes on`, async () => {
    const session = open(Session);
    const told = await until(session, "response.done", [{ no: "type" }, ...hello]).catch((error) => error);
    assert.equal(told.error.code, "invalid_event");
    session.close();
  });
}

test("an unknown key is refused before the session", async () => {
  const error = await until(open(OpenAIRealtimeWS, unknownKey), "session.created").catch((error) => error);
  assert.match(error.message, /401/);
});

test("money that does not cover a response ends the session with an error", async () => {
  const error = await until(open(OpenAIRealtimeWS, realtimeBudgetKey), "response.done", hello).catch((error) => error);
  assert.equal(error.error.code, "insufficient_quota");
});
