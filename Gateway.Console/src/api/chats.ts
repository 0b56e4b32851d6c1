// The caller's own chats, and answers in them as they come.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, payload, raw } from "./client";
import { ApiFailure } from "./failure";
import { dataLines } from "./stream";
import type { StoredFile } from "./types";

const pageSize = 50;

/** A page of chats, the newest first; a full page may have another behind it. */
export const chatsQuery = (filter: { search: string | null; isArchived: boolean }) =>
  infiniteQueryOptions({
    queryKey: ["chats", "pages", filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      payload(
        api.GET("/api/v1/chats", {
          params: {
            query: {
              limit: pageSize,
              offset: pageParam,
              ...(filter.search && { search: filter.search }),
              ...(filter.isArchived && { include_archived: true }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page, pages) => (page.length === pageSize ? pages.length * pageSize : null),
  });

export const chatQuery = (id: string) =>
  queryOptions({
    queryKey: ["chats", "one", id],
    queryFn: ({ signal }) =>
      payload(api.GET("/api/v1/chats/{id}", { params: { path: { id }, query: { include_messages: true } }, signal })),
  });

export const filesQuery = queryOptions({
  queryKey: ["files"],
  queryFn: ({ signal }) => payload(api.GET("/api/v1/files", { params: { query: { limit: 100, offset: 0 } }, signal })),
});

/** Stores a file, to be attached to a message. */
export async function upload(file: File): Promise<StoredFile> {
  const body = new FormData();
  body.set("file", file);
  const answer = await raw("/api/v1/files/upload", { method: "POST", body });
  return (await answer.json()) as StoredFile;
}

interface Piece {
  type: "start" | "content" | "end" | "error";
  content: string | null;
  model: string | null;
  error: string | null;
}

export interface Wish {
  content: string;
  model?: string;
  attachments?: { file_id: string; type: "image" | "file" }[];
}

/** Sends a message and tells of the answer as it comes; throws what went wrong in it. */
export async function streamMessage(chatId: string, wish: Wish, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
  const response = await raw(`/api/v1/llm/chat/${encodeURIComponent(chatId)}/message/stream`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
    signal,
  });
  let isWhole = false;
  for await (const lines of dataLines(response)) {
    let text = "";
    for (const line of lines) {
      const piece = JSON.parse(line) as Piece;
      if (piece.type === "error") throw new Error(piece.error ?? line);
      if (piece.type === "content") text += piece.content ?? "";
      isWhole ||= piece.type === "end";
    }
    if (text) onText(text);
  }
  if (!isWhole) throw ApiFailure.unreachable();
}
