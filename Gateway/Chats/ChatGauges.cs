using Gateway.Telemetry;

namespace Gateway.Chats;

/// <summary>Answers of chats that are being made, or wait to be stored.</summary>
internal sealed class ChatGauges(TurnKeeper keeper) : IGauges
{
    public void Show(GatewayMetrics metrics)
    {
        metrics.Meter.CreateObservableGauge(
            "oneui_chat_turns_open",
            () => keeper.OpenTurns,
            "{answer}",
            "Answers of chats that this node is making."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_chat_answers_unstored",
            () => keeper.UnstoredAnswers,
            "{answer}",
            "Answers of chats that are made and that the database has not taken yet."
        );
    }
}
