import { Alert, Button, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { endedCallQuery } from "../../api/calls";
import { inFlightQuery } from "../../api/node";
import { streamChat } from "../../api/stream";
import { useI18n } from "../../i18n/i18n";
import { useFormat } from "../../parts/format";
import { Facts } from "../../parts/Page";
import { Failed } from "../../parts/States";
import { useUser } from "../../session/session";

/** Sends the first call with the new key, and shows it in flight, its answer, and what it cost. */
export function FirstCall({ secret, model }: { secret: string | null; model: string | null }) {
  const { t } = useI18n();
  const format = useFormat();
  const user = useUser();
  const [text, setText] = useState("");
  const [callId, setCallId] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: async () => {
      setText("");
      setCallId(null);
      await streamChat(
        { model, messages: [{ role: "user", content: "Hello" }] },
        { onStart: setCallId, onText: (piece) => setText((before) => before + piece), onUsage: () => undefined },
        new AbortController().signal,
        secret ?? undefined,
      );
    },
  });
  const { data: live } = useQuery({ ...inFlightQuery({ user_id: user.id }), enabled: send.isPending });
  const held = live?.data.find((call) => call.id === callId)?.held_cost;
  const { data: call } = useQuery({ ...endedCallQuery(callId ?? ""), enabled: send.isSuccess && callId !== null });
  if (model === null) return <Alert color="blue" variant="outline" title={t("setup.noModel")} />;
  return (
    <Stack align="flex-start">
      <Text>{t(secret ? "setup.callText" : "setup.callWithoutKey", { model })}</Text>
      <Button loading={send.isPending} onClick={() => send.mutate()}>
        {t("setup.send")}
      </Button>
      {send.error && <Failed error={send.error} />}
      {callId !== null && (
        <>
          <Paper withBorder p="sm" w="100%" className="answer" aria-live="polite" data-testid="answer">
            {text}
          </Paper>
          <Facts
            rows={[
              [t("call.heldCost"), call ? format.usdExact(call.held_cost) : held === undefined ? "–" : format.usdExact(held)],
              [t("call.total"), call ? format.usdExact(call.total_cost) : "–"],
              [
                t("calls.id"),
                call ? (
                  <Link className="link" to={`/console/calls/${call.id}`}>
                    {call.id}
                  </Link>
                ) : (
                  callId
                ),
              ],
            ]}
          />
        </>
      )}
      {call && <Alert color="blue" variant="outline" role="status" title={t("setup.done")} />}
    </Stack>
  );
}
