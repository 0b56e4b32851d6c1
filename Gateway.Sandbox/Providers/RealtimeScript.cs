using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>
/// OpenAI's realtime API, played: items of text are 10 tokens and a committed piece of sound 25, what an earlier response has read is
/// cached, and an answer is eight tokens of text, with 16 of sound where the session speaks. What the last text says is obeyed: <c>cut</c>,
/// <c>silence</c>, <c>garbage</c>, <c>error</c>, <c>no usage</c>, <c>wait</c> (until <c>response.cancel</c>), <c>unasked</c> (answered at
/// once). Sound that is a pause is answered, too, unless the session's detection of turns says otherwise.
/// </summary>
internal sealed class RealtimeScript
{
    /// <summary>The models that can be spoken with.</summary>
    public static readonly IReadOnlyList<string> Models = ["gpt-realtime", "gpt-realtime-mini"];

    private const int TextTokens = 10;
    private const int SoundTokens = 25;

    /// <summary>Sound that is a pause, in base64.</summary>
    public const string Pause = "UEFVU0U=";

    private const string Answer = "This is an answer of eight whole words.";

    private readonly WebSocket _socket;
    private readonly string _model;
    private readonly CancellationToken _gone;
    private readonly JsonObject _session;
    private string _last = "";
    private string? _waiting;
    private int _texts;
    private int _sounds;
    private int _cachedTexts;
    private int _cachedSounds;

    private RealtimeScript(WebSocket socket, string model, CancellationToken gone)
    {
        (_socket, _model, _gone) = (socket, model, gone);
        _session = new JsonObject
        {
            ["type"] = "realtime",
            ["model"] = model,
            ["audio"] = new JsonObject
            {
                ["input"] = new JsonObject
                {
                    ["turn_detection"] = new JsonObject { ["type"] = "server_vad", ["create_response"] = true },
                },
            },
        };
    }

    private bool Speaks => _session["output_modalities"] is JsonArray wanted && wanted.Any(m => m?.GetValue<string>() == "audio");

    /// <summary>Runs a session to its end.</summary>
    public static async Task RunAsync(HttpContext http, string model)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        try
        {
            await new RealtimeScript(socket, model, http.RequestAborted).RunAsync();
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            // The client is gone.
        }
    }

    private async Task RunAsync()
    {
        await SendAsync("session.created", ("session", _session.DeepClone()));
        while (await ReceiveAsync() is { } told)
        {
            switch (told["type"]?.GetValue<string>())
            {
                case "session.update":
                    Merge(_session, (JsonObject)told["session"]!);
                    _session["model"] = _model;
                    await SendAsync("session.updated", ("session", _session.DeepClone()));
                    break;
                case "conversation.item.create":
                    _texts++;
                    _last = told["item"]?["content"]?[0]?["text"]?.GetValue<string>() ?? "";
                    await SendAsync("conversation.item.added", ("item", told["item"]!.DeepClone()));
                    await (_last == "unasked" ? RespondAsync() : Task.CompletedTask);
                    break;
                case "input_audio_buffer.commit":
                    _sounds++;
                    await SendAsync("input_audio_buffer.committed", ("item_id", "item_" + _sounds));
                    await WriteDownAsync();
                    break;
                case "response.create" when _last == "error":
                    await SendErrorAsync("The server had an error while processing your request.", told["event_id"]);
                    break;
                case "response.create":
                    await RespondAsync();
                    break;
                case "response.cancel" when _waiting is { } id:
                    _waiting = null;
                    await DoneAsync(id, "cancelled", hasUsage: true);
                    break;
                case "input_audio_buffer.append" when told["audio"]?.GetValue<string>() == Pause && Detection is { } detection:
                    _sounds++;
                    await SendAsync("input_audio_buffer.committed", ("item_id", "item_" + _sounds));
                    await (detection["create_response"]?.GetValue<bool>() == false ? Task.CompletedTask : RespondAsync());
                    break;
                case "input_audio_buffer.append":
                    break;
                case var other:
                    await SendErrorAsync($"Unknown event: {other}");
                    break;
            }
        }
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _gone);
    }

    private async Task WriteDownAsync()
    {
        var transcription = _session["audio"]?["input"]?["transcription"]?["model"]?.GetValue<string>();
        if (transcription is null)
        {
            return;
        }
        var usage =
            transcription == "whisper-1"
                ? new JsonObject { ["type"] = "duration", ["seconds"] = 3 }
                : new JsonObject
                {
                    ["type"] = "tokens",
                    ["total_tokens"] = 34,
                    ["input_tokens"] = 30,
                    ["input_token_details"] = new JsonObject { ["text_tokens"] = 5, ["audio_tokens"] = 25 },
                    ["output_tokens"] = 4,
                };
        await SendAsync(
            "conversation.item.input_audio_transcription.completed",
            ("item_id", "item_" + _sounds),
            ("transcript", "How are you?"),
            ("usage", usage)
        );
    }

    private async Task RespondAsync()
    {
        var id = "resp_" + Guid.CreateVersion7().ToString("N");
        await SendAsync("response.created", ("response", ResponseOf(id, "in_progress", hasUsage: false)));
        await SendAsync(
            Speaks ? "response.output_audio_transcript.delta" : "response.output_text.delta",
            ("response_id", id),
            ("delta", Answer)
        );
        if (Speaks)
        {
            await SendAsync("response.output_audio.delta", ("response_id", id), ("delta", new string('A', 6_400)));
        }
        switch (_last)
        {
            case "cut":
                await ReceiveAsync(); // what was sent has arrived: a cut connection may lose it
                _socket.Abort();
                throw new OperationCanceledException();
            case "silence":
                await ReceiveAsync();
                throw new OperationCanceledException();
            case "garbage":
                await SendTextAsync("{\"type\":\"response.do");
                break;
            case "wait":
                _waiting = id;
                break;
            default:
                await DoneAsync(id, "completed", _last != "no usage");
                break;
        }
    }

    private async Task DoneAsync(string id, string status, bool hasUsage)
    {
        await SendAsync("response.done", ("response", ResponseOf(id, status, hasUsage)));
        (_cachedTexts, _cachedSounds) = (_texts, _sounds);
    }

    private JsonObject ResponseOf(string id, string status, bool hasUsage)
    {
        var response = new JsonObject
        {
            ["object"] = "realtime.response",
            ["id"] = id,
            ["status"] = status,
        };
        if (hasUsage)
        {
            var (text, sound) = (_texts * TextTokens, _sounds * SoundTokens);
            var (cachedText, cachedSound) = (_cachedTexts * TextTokens, _cachedSounds * SoundTokens);
            var spoken = Speaks ? 16 : 0;
            response["usage"] = new JsonObject
            {
                ["total_tokens"] = text + sound + 8 + spoken,
                ["input_tokens"] = text + sound,
                ["output_tokens"] = 8 + spoken,
                ["input_token_details"] = new JsonObject
                {
                    ["text_tokens"] = text,
                    ["audio_tokens"] = sound,
                    ["image_tokens"] = 0,
                    ["cached_tokens"] = cachedText + cachedSound,
                    ["cached_tokens_details"] = new JsonObject { ["text_tokens"] = cachedText, ["audio_tokens"] = cachedSound },
                },
                ["output_token_details"] = new JsonObject { ["text_tokens"] = 8, ["audio_tokens"] = spoken },
            };
        }
        return response;
    }

    private JsonNode? Detection => _session["audio"]?["input"]?["turn_detection"];

    // What is given replaces what was; the rest stays.
    private static void Merge(JsonObject into, JsonObject given)
    {
        foreach (var (name, value) in given)
        {
            if (value is JsonObject part && into[name] is JsonObject old)
            {
                Merge(old, part);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private Task SendErrorAsync(string message, JsonNode? eventId = null) =>
        SendAsync(
            "error",
            (
                "error",
                new JsonObject
                {
                    ["type"] = "server_error",
                    ["message"] = message,
                    ["event_id"] = eventId?.DeepClone(),
                }
            )
        );

    private Task SendAsync(string type, params (string Name, JsonNode? Value)[] members)
    {
        var told = new JsonObject { ["type"] = type, ["event_id"] = "event_" + Guid.CreateVersion7().ToString("N") };
        foreach (var (name, value) in members)
        {
            told[name] = value;
        }
        return SendTextAsync(told.ToJsonString());
    }

    private Task SendTextAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _gone);

    // Null: it closes.
    private async Task<JsonNode?> ReceiveAsync()
    {
        using var message = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (true)
        {
            var read = await _socket.ReceiveAsync(piece.AsMemory(), _gone);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            message.Write(piece, 0, read.Count);
            if (read.EndOfMessage)
            {
                return JsonSerializer.Deserialize<JsonNode>(message.GetBuffer().AsSpan(0, (int)message.Length));
            }
        }
    }
}
