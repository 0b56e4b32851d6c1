// Streams of chat completions, read as they come.
import { raw } from "./client";

export interface StreamedUsage {
  prompt_tokens: number;
  completion_tokens: number;
}

export interface StreamEvents {
  /** The call's id is known as soon as the answer begins. */
  onStart: (callId: string | null) => void;
  onText: (text: string) => void;
  onUsage: (usage: StreamedUsage) => void;
}

interface Chunk {
  choices?: { delta?: { content?: string | null } }[];
  usage?: StreamedUsage | null;
  error?: { message?: string };
}

/** Sends a chat and tells of its answer piece by piece; ends when the stream ends, throws what went wrong in it. Calls as the caller, or with a key. */
export async function streamChat(body: object, events: StreamEvents, signal: AbortSignal, key?: string): Promise<void> {
  const response = await raw("/v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    signal,
  });
  events.onStart(response.headers.get("x-oneui-request-id"));
  for await (const lines of dataLines(response)) take(lines, events);
}

/** The data of an answer's events as they come, all that came at once together. */
export async function* dataLines(response: Response): AsyncGenerator<string[]> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield lines
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice("data:".length).trim())
      .filter((data) => data !== "" && data !== "[DONE]");
    // The page draws and hears its buttons before more is read: a model may write faster than a browser draws.
    await new Promise((drawn) => setTimeout(drawn, drawingMilliseconds));
  }
}

/** The least time between two pieces that are shown. */
const drawingMilliseconds = 40;

/** Tells the text of all lines at once: to draw each event by itself would keep the page busy. */
function take(lines: string[], events: StreamEvents) {
  let text = "";
  try {
    for (const data of lines) {
      const chunk = JSON.parse(data) as Chunk;
      if (chunk.error) throw new Error(chunk.error.message ?? data);
      text += chunk.choices?.[0]?.delta?.content ?? "";
      if (chunk.usage) events.onUsage(chunk.usage);
    }
  } finally {
    if (text) events.onText(text);
  }
}
