import { Anchor, Button, FileButton, Group, Paper, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconPaperclip, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { chatQuery, streamMessage, upload } from "../api/chats";
import { raw } from "../api/client";
import type { ChatMessage, StoredFile } from "../api/types";
import { callableModelsQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";
import { download } from "../parts/download";
import { useFormat } from "../parts/format";
import { Page } from "../parts/Page";
import { Answer, Empty, Failed } from "../parts/States";

const accepted = "image/jpeg,image/png,image/gif,image/webp,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/** How often, and after how long each time, a stopped answer is looked for. */
const mostLooks = 20;
const lookMilliseconds = 300;

/** One chat: what was said, and the next message with its answer as it comes. */
export default function ChatPage() {
  const { t } = useI18n();
  const { id = "" } = useParams();
  const query = useQuery(chatQuery(id));
  return (
    <Page
      title={query.data?.title ?? t("chats.one")}
      actions={
        <Anchor component={Link} to="/console/chats">
          {t("chats.back")}
        </Anchor>
      }
    >
      <Answer query={query}>{(chat) => <Conversation key={chat.id} chatId={chat.id} messages={chat.messages} model={chat.model_used} />}</Answer>
    </Page>
  );
}

function Conversation({ chatId, messages, model: before }: { chatId: string; messages: ChatMessage[]; model: string | null }) {
  const { t } = useI18n();
  const queries = useQueryClient();
  const { data: models = [] } = useQuery(callableModelsQuery);
  const [model, setModel] = useState(before);
  const [text, setText] = useState("");
  const [files, setFiles] = useState<StoredFile[]>([]);
  const [coming, setComing] = useState<{ asked: string; text: string; isStopped: boolean } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const attach = useMutation({ mutationFn: upload, onSuccess: (file) => setFiles((all) => [...all, file]) });

  const send = async () => {
    const abort = new AbortController();
    stop.current = abort;
    const asked = text.trim();
    setError(null);
    setComing({ asked, text: "", isStopped: false });
    setText("");
    const came = { text: "" };
    try {
      await streamMessage(
        chatId,
        {
          content: asked,
          ...(model && { model }),
          ...(files.length > 0 && {
            attachments: files.map((file) => ({ file_id: file.file_id, type: file.mime_type.startsWith("image/") ? ("image" as const) : ("file" as const) })),
          }),
        },
        (piece) => {
          came.text += piece;
          setComing((all) => all && { ...all, text: all.text + piece });
        },
        abort.signal,
      );
      setFiles([]);
    } catch (fault) {
      if (!abort.signal.aborted) {
        setError(fault);
        setText(asked);
      }
    }
    await queries.invalidateQueries({ queryKey: ["chats"] });
    // The gateway stores what came of a stopped answer when it has seen that nobody reads any more.
    for (let looks = 0; abort.signal.aborted && came.text && !isAnswered() && looks < mostLooks; looks++) {
      await new Promise((later) => setTimeout(later, lookMilliseconds));
      await queries.invalidateQueries({ queryKey: ["chats"] });
    }
    setComing(null);
  };
  const isAnswered = () => queries.getQueryData(chatQuery(chatId).queryKey)?.messages.at(-1)?.role === "assistant";

  return (
    <Stack>
      <Stack component="section" aria-label={t("chats.messages")} gap="sm">
        {messages.length === 0 && !coming && <Empty>{t("chats.nothingSaid")}</Empty>}
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
        {coming && (
          <>
            {!isStored(messages.at(-1), coming.asked) && <Said by="user">{coming.asked}</Said>}
            <Said by="assistant" isComing>
              {coming.text}
            </Said>
          </>
        )}
      </Stack>
      {error !== null && <Failed error={error} />}
      {attach.error && <Failed error={attach.error} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() && !coming) void send();
        }}
      >
        <Stack gap="sm">
          <Textarea
            label={t("playground.message")}
            autosize
            minRows={2}
            maxRows={10}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
          />
          {files.length > 0 && (
            <Group gap="xs">
              {files.map((file) => (
                <Button
                  key={file.file_id}
                  variant="default"
                  size="compact-sm"
                  rightSection={<IconX size={14} aria-hidden />}
                  aria-label={t("chats.detach", { name: file.filename })}
                  onClick={() => setFiles((all) => all.filter((other) => other !== file))}
                >
                  {file.filename}
                </Button>
              ))}
            </Group>
          )}
          <Group align="flex-end">
            <Select
              label={t("calls.model")}
              placeholder={t("chats.defaultModel")}
              data={models}
              value={model}
              onChange={setModel}
              searchable
              clearable
              clearButtonProps={{ "aria-label": t("common.clear") }}
              limit={100}
              nothingFoundMessage={t("app.nothingFound")}
            />
            <FileButton accept={accepted} onChange={(file) => file && attach.mutate(file)}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconPaperclip size={16} aria-hidden />} loading={attach.isPending}>
                  {t("chats.attach")}
                </Button>
              )}
            </FileButton>
            <Button type="submit" disabled={coming !== null || !text.trim()}>
              {t("playground.send")}
            </Button>
            {coming && !coming.isStopped && (
              <Button
                variant="default"
                onClick={() => {
                  stop.current?.abort();
                  setComing({ ...coming, isStopped: true });
                }}
              >
                {t("playground.stop")}
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t("playground.charged")}
          </Text>
        </Stack>
      </form>
    </Stack>
  );
}

const isStored = (last: ChatMessage | undefined, asked: string) => last?.role === "user" && last.content === asked;

function Message({ message }: { message: ChatMessage }) {
  const { t } = useI18n();
  const format = useFormat();
  return (
    <Said by={message.role}>
      {message.content}
      {message.attachments.length > 0 && (
        <Group gap="xs" mt="xs">
          {message.attachments.map((file) => (
            <Button
              key={file.file_id ?? file.name}
              variant="default"
              size="compact-sm"
              disabled={!file.url}
              leftSection={<IconPaperclip size={14} aria-hidden />}
              onClick={() => void save(file.url ?? "", file.name)}
            >
              {file.name}
            </Button>
          ))}
        </Group>
      )}
      {message.role === "assistant" && (
        <Text size="sm" c="dimmed" mt="xs">
          {[
            message.model_used,
            t("chats.tokens", { input: message.tokens_input, output: message.tokens_output }),
            format.usd(message.cost),
            message.is_incomplete ? t("chats.incomplete") : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      )}
    </Said>
  );
}

// A link would not carry the token.
async function save(url: string, name: string) {
  const answer = await raw(new URL(url, location.origin).pathname);
  download(await answer.blob(), name);
}

function Said({ by, isComing = false, children }: { by: string; isComing?: boolean; children: React.ReactNode }) {
  const { t } = useI18n();
  const speaker = t(by === "assistant" ? "chats.model" : "chats.you");
  return (
    <Paper withBorder p="sm" component="article" aria-label={speaker} className="answer" {...(isComing && { "aria-live": "polite", "aria-busy": true })}>
      <Text size="sm" fw={600}>
        {speaker}
      </Text>
      {children}
    </Paper>
  );
}
