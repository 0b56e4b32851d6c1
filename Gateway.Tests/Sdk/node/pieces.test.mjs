// Moderations, images, audio and responses in the background, by OpenAI's own Node package against the running gateway.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { apiKey, baseURL, brokeKey, collect } from "./hub.mjs";

const client = (key = apiKey) => new OpenAI({ apiKey: key, baseURL, maxRetries: 0 });
const picture = () => toFile(Buffer.from("iVBORw0KGgo=", "base64"), "a.png", { type: "image/png" });
const sound = () => toFile(Buffer.alloc(8_000), "a.wav", { type: "audio/wav" });

test("texts are judged without a model's name", async () => {
  const answer = await client().moderations.create({ input: ["a", "b"] });
  assert.deepEqual(answer.results.map((result) => result.flagged), [false, false]);
});

test("pictures are made", async () => {
  const answer = await client().images.generate({ model: "gpt-image-1", prompt: "a cat", n: 2, size: "1024x1024" });
  assert.equal(answer.data.length, 2);
  assert.equal(answer.usage.output_tokens, 2_112);
});

test("a picture is streamed", async () => {
  const events = await collect(
    await client().images.generate({ model: "gpt-image-1", prompt: "a cat", stream: true, partial_images: 2 }),
  );
  assert.equal(events.at(-1).type, "image_generation.completed");
});

test("pictures are changed and varied", async () => {
  const edit = await client().images.edit({ model: "gpt-image-1", image: [await picture(), await picture()], prompt: "a hat" });
  const variation = await client().images.createVariation({ model: "dall-e-3", image: await picture(), n: 2 });
  assert.deepEqual([edit.data.length, variation.data.length], [1, 2]);
});

test("sound is written down", async () => {
  const answer = await client().audio.transcriptions.create({ model: "whisper-1", file: await sound() });
  assert.match(answer.text, /^Hello/);
});

test("sound is written down as a stream", async () => {
  const events = await collect(
    await client().audio.transcriptions.create({ model: "gpt-4o-transcribe", file: await sound(), stream: true }),
  );
  assert.equal(events.at(-1).type, "transcript.text.done");
});

test("sound is translated", async () => {
  const answer = await client().audio.translations.create({ model: "whisper-1", file: await sound() });
  assert.match(answer.text, /^Hello/);
});

test("a text is spoken", async () => {
  const answer = await client().audio.speech.create({ model: "tts-1", input: "Hello world", voice: "alloy" });
  assert.equal((await answer.arrayBuffer()).byteLength, 16_000);
});

test("speech without money is a RateLimitError", async () =>
  assert.rejects(client(brokeKey).audio.speech.create({ model: "tts-1", input: "Hello", voice: "alloy" }), OpenAI.RateLimitError));

test("a response in the background is asked for until it ends", async () => {
  let response = await client().responses.create({ model: "gpt-4o-mini", input: "Hello", background: true });
  assert.equal(response.status, "queued");
  while (["queued", "in_progress"].includes(response.status)) {
    response = await client().responses.retrieve(response.id);
  }
  assert.match(response.output_text, /^Hello/);
});
