import { Button, Group, NumberInput, Paper, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { endedCallQuery } from "../api/calls";
import { streamChat, type StreamedUsage } from "../api/stream";
import { callableModelsQuery } from "../api/users";
import { useI18n } from "../i18n/i18n";
import { useFilters } from "../parts/filters";
import { useFormat } from "../parts/format";
import { Facts, Page, Panel } from "../parts/Page";
import { Failed } from "../parts/States";

interface Run {
  text: string;
  usage: StreamedUsage | null;
  callId: string | null;
  error: unknown;
  isRunning: boolean;
}

const nothing: Run = { text: "", usage: null, callId: null, error: null, isRunning: false };

/** Asks a model something and shows the answer as it comes, with what it used and cost. */
export default function Playground() {
  const { t } = useI18n();
  const filters = useFilters();
  const { data: models = [] } = useQuery(callableModelsQuery);
  const model = filters.get("model") ?? models[0] ?? null;
  const [system, setSystem] = useState("");
  const [message, setMessage] = useState("");
  const [maximum, setMaximum] = useState<number | string>("");
  const [run, setRun] = useState<Run | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const send = async () => {
    const abort = new AbortController();
    stop.current = abort;
    setRun({ ...nothing, isRunning: true });
    const change = (of: (before: Run) => Partial<Run>) => setRun((before) => before && { ...before, ...of(before) });
    try {
      await streamChat(
        {
          model,
          messages: [...(system ? [{ role: "system", content: system }] : []), { role: "user", content: message }],
          ...(typeof maximum === "number" && { max_tokens: maximum }),
        },
        {
          onStart: (callId) => change(() => ({ callId })),
          onText: (text) => change((before) => ({ text: before.text + text })),
          onUsage: (usage) => change(() => ({ usage })),
        },
        abort.signal,
      );
    } catch (error) {
      if (!abort.signal.aborted) change(() => ({ error }));
    } finally {
      change(() => ({ isRunning: false }));
    }
  };

  return (
    <Page title={t("playground.title")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (message.trim() && model) void send();
        }}
      >
        <Stack>
          <Group align="flex-start" grow>
            <Select
              label={t("calls.model")}
              data={models}
              value={model}
              onChange={(value) => filters.set({ model: value })}
              searchable
              allowDeselect={false}
              limit={100}
              nothingFoundMessage={t("app.nothingFound")}
            />
            <NumberInput label={t("playground.maximum")} min={1} allowDecimal={false} value={maximum} onChange={setMaximum} hideControls />
          </Group>
          <Textarea label={t("playground.system")} autosize minRows={1} maxRows={6} value={system} onChange={(event) => setSystem(event.currentTarget.value)} />
          <Textarea
            label={t("playground.message")}
            required
            autosize
            minRows={3}
            maxRows={14}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
          />
          <Group>
            <Button type="submit" disabled={run?.isRunning === true || !message.trim() || !model}>
              {t("playground.send")}
            </Button>
            {run?.isRunning && (
              <Button variant="default" onClick={() => stop.current?.abort()}>
                {t("playground.stop")}
              </Button>
            )}
            <Text size="sm" c="dimmed">
              {t("playground.charged")}
            </Text>
          </Group>
        </Stack>
      </form>
      {run && <Result run={run} />}
    </Page>
  );
}

function Result({ run }: { run: Run }) {
  const { t } = useI18n();
  const format = useFormat();
  const isOver = !run.isRunning && run.callId !== null && run.error === null;
  const { data: call } = useQuery({ ...endedCallQuery(run.callId ?? ""), enabled: isOver });
  return (
    <Panel title={t("playground.answer")}>
      <Stack>
        {run.error !== null && <Failed error={run.error} />}
        <Paper aria-live="polite" aria-busy={run.isRunning} className="answer" data-testid="answer">
          {run.text}
        </Paper>
        <Facts
          rows={[
            [t("figure.inputTokens"), run.usage ? format.whole(run.usage.prompt_tokens) : "–"],
            [t("figure.outputTokens"), run.usage ? format.whole(run.usage.completion_tokens) : "–"],
            [t("calls.cost"), call ? format.usdExact(call.total_cost) : "–"],
            [
              t("calls.id"),
              call ? (
                <Link className="link" to={`/console/calls/${call.id}`}>
                  {call.id}
                </Link>
              ) : (
                (run.callId ?? "–")
              ),
            ],
          ]}
        />
      </Stack>
    </Panel>
  );
}
